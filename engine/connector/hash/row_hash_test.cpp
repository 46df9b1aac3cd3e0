#include "connector/hash/row_hash.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <string>

#include "column/test_columns.h"

namespace castor::connector::hash {
namespace {

using Type = LogicalType;

std::vector<uint64_t> Hash(const std::vector<ColumnPtr>& columns) {
  std::vector<uint64_t> hashes(static_cast<size_t>(columns[0]->size()));
  HashRows(columns, columns[0]->size(), hashes.data());
  return hashes;
}

template <typename T>
using Values = std::vector<std::optional<T>>;

// The rows of the golden file; the Java sink's test has the same.
struct GoldenRows {
  Values<uint8_t> booleans = {std::nullopt, 1};
  Values<int32_t> ints = {std::nullopt, -1};
  Values<int64_t> longs = {std::nullopt, std::numeric_limits<int64_t>::min()};
  Values<float> floats = {std::nullopt, -0.0f};
  Values<double> doubles = {std::nullopt, -std::numeric_limits<double>::signaling_NaN()};
  Values<int128_t> decimals = {std::nullopt, -1234567890};
  Values<int128_t> wide_decimals = {std::nullopt, std::nullopt};  // the second is set below
  Values<int64_t> times = {std::nullopt, -1};
  Values<int64_t> micros = {std::nullopt, 1436918400123456};
  std::vector<std::optional<std::string>> texts = {std::nullopt, "h\xC3\xA9llo"};
  Values<int32_t> nested_ints = {0, 7};
  std::vector<std::optional<std::string>> nested_texts = {std::nullopt, std::nullopt};

  GoldenRows() {
    // 35 digits, a point and three digits: 12345678901234567890123456789012345678 unscaled.
    int128_t unscaled = 0;
    for (const char digit : std::string("12345678901234567890123456789012345678")) {
      unscaled = unscaled * 10 + (digit - '0');
    }
    wide_decimals[1] = -unscaled;
    std::string alphabet;
    for (int i = 0; i < 4; ++i) alphabet += "abcdefghijklmnopqrstuvwxyz";
    for (const int length : {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100}) {
      booleans.push_back(0);
      ints.push_back(length);
      longs.push_back(int64_t{1} << length % 63);
      floats.push_back(1.5f);
      doubles.push_back(-2.25);
      decimals.push_back(1);
      wide_decimals.push_back(1000);
      times.push_back(0);
      micros.push_back(0);
      texts.push_back(alphabet.substr(0, static_cast<size_t>(length)));
      nested_ints.push_back(length);
      nested_texts.push_back("x");
    }
  }

  std::vector<ColumnPtr> Columns() const {
    const auto count = static_cast<int32_t>(ints.size());
    const Type text5(TypeKind::kVarChar, true, 5);
    const Type row = Type::Row({{"f0", Type::Integer()}, {"f1", text5}});
    MutableColumnPtr nested = Column::MakeRow(
        row, count, nullptr,
        {MakeColumn(Type::Integer(), nested_ints), MakeStrings(nested_texts, text5)});
    nested->SetNull(0);
    return {MakeColumn(Type::Boolean(), booleans),
            MakeColumn(Type::Integer(), ints),
            MakeColumn(Type::BigInt(), longs),
            MakeColumn(Type(TypeKind::kFloat), floats),
            MakeColumn(Type::Double(), doubles),
            MakeColumn(Type::Decimal(10, 2), decimals),
            MakeColumn(Type::Decimal(38, 3), wide_decimals),
            MakeColumn(Type::Timestamp(3), times),
            MakeColumn(Type::Timestamp(6), micros),
            MakeStrings(texts),
            nested};
  }
};

TEST(RowHashTest, GoldenHashes) {
  std::ifstream file(CASTOR_GOLDEN "/row_hash.txt");
  std::vector<std::string> golden;
  for (std::string line; std::getline(file, line);) golden.push_back(line);
  std::vector<std::string> actual;
  for (const uint64_t hash : Hash(GoldenRows().Columns())) actual.push_back(std::to_string(hash));
  EXPECT_EQ(actual, golden);
}

TEST(RowHashTest, EncodingsDoNotMatter) {
  const std::vector<ColumnPtr> flat = GoldenRows().Columns();
  const std::vector<uint64_t> expected = Hash(flat);
  const std::vector<int32_t> picked = {3, 1, 1, -1, 13, 0};
  std::vector<ColumnPtr> dictionaries;
  for (const ColumnPtr& column : flat) dictionaries.push_back(MakeDictionary(column, picked));
  const std::vector<uint64_t> actual = Hash(dictionaries);
  for (size_t i = 0; i < picked.size(); ++i) {
    // Row 0 of the golden rows is NULL throughout.
    EXPECT_EQ(actual[i], expected[picked[i] < 0 ? 0 : static_cast<size_t>(picked[i])]);
  }
  std::vector<ColumnPtr> nulls;
  for (const ColumnPtr& column : flat) nulls.push_back(Column::MakeNull(column->type(), 2));
  EXPECT_EQ(Hash(nulls), std::vector<uint64_t>(2, expected[0]));
}

TEST(RowHashTest, LongAndInlineTextAgree) {
  // Text that a reference holds inline hashes as the same text in a buffer does.
  const std::string text = "0123456789abcdefgh";
  for (uint32_t size = 0; size <= text.size(); ++size) {
    MutableColumnPtr inside = Column::MakeFlat(Type::String(), 1);
    inside->mutable_values<StringRef>()[0] = StringRef(text.data(), size);
    EXPECT_EQ(Hash({inside}), Hash({MakeStrings({text.substr(0, size)})}));
  }
}

TEST(RowHashTest, OrderOfColumnsCounts) {
  const ColumnPtr one = MakeColumn<int64_t>(Type::BigInt(), {1});
  const ColumnPtr two = MakeColumn<int64_t>(Type::BigInt(), {2});
  EXPECT_NE(Hash({one, two}), Hash({two, one}));
}

TEST(RowHashTest, RefusesCollections) {
  const Type array = Type::Collection(TypeKind::kArray, {Type::Integer()}, true);
  const Status status = CheckHashable(Type::Row({{"a", array}}));
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("column a has type ARRAY<INT>"), std::string::npos)
      << status.message();
}

}  // namespace
}  // namespace castor::connector::hash
