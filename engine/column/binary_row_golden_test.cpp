// Bytes, hashes and key groups of keys against what Flink makes of the same rows
// (test/golden/binary-rows).
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "column/binary_row.h"
#include "column/gather.h"
#include "column/test_columns.h"

namespace castor {
namespace {

struct GoldenRow {
  std::string type;
  std::string values;
  std::string bytes;  // hexadecimal
  int32_t hash = 0;
  int32_t key_group = 0;
};

std::vector<GoldenRow> ReadRows() {
  std::ifstream file(CASTOR_GOLDEN_DIR "/binary-rows/rows.txt");
  std::vector<GoldenRow> rows;
  GoldenRow row;
  while (std::getline(file, row.type, '\t') && std::getline(file, row.values, '\t') &&
         std::getline(file, row.bytes, '\t') && file >> row.hash >> row.key_group >> std::ws) {
    rows.push_back(row);
  }
  return rows;
}

int128_t ToInt128(const std::string& digits) {
  const bool negative = digits[0] == '-';
  int128_t value = 0;
  for (size_t i = negative ? 1 : 0; i < digits.size(); ++i) value = value * 10 + (digits[i] - '0');
  return negative ? -value : value;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    for (const int digit : {(c >> 4) & 15, c & 15}) hex += "0123456789abcdef"[digit];
  }
  return hex;
}

ColumnPtr ReadValue(const LogicalType& type, std::istream& values);

// What follows an opening bracket.
ColumnPtr ReadList(const LogicalType& type, std::istream& values) {
  const std::vector<LogicalType> types = type.ChildTypes();
  std::vector<std::vector<ColumnPtr>> parts(types.size());
  for (size_t i = 0; (values >> std::ws).peek() != ']'; i = (i + 1) % types.size()) {
    parts[i].push_back(ReadValue(types[i], values));
  }
  values.get();
  std::vector<ColumnPtr> children;
  for (size_t i = 0; i < types.size(); ++i) {
    children.push_back(parts[i].empty() ? Column::MakeFlat(types[i], 0) : Concat(parts[i]));
  }
  return MakeLists(type, {static_cast<int32_t>(parts[0].size())}, std::move(children));
}

// A column of one row with the next value of `values`.
ColumnPtr ReadValue(const LogicalType& type, std::istream& values) {
  std::string text;
  values >> text;
  if (text == "null") return Flatten(Column::MakeNull(type, 1));
  if (type.physical() == PhysicalType::kRow) {
    std::vector<ColumnPtr> children;
    for (const auto& field : type.fields()) children.push_back(ReadValue(field.type, values));
    values >> text;  // the closing parenthesis
    return Column::MakeRow(type, 1, nullptr, std::move(children));
  }
  if (type.physical() == PhysicalType::kList) return ReadList(type, values);
  if (type.physical() == PhysicalType::kString) return MakeStrings({FromHex(text.substr(1))}, type);
  return DispatchPhysical(type.physical(), [&]<typename T>() -> ColumnPtr {
    if constexpr (std::is_same_v<T, float>) {
      return MakeColumn<T>(
          type, {std::bit_cast<T>(static_cast<uint32_t>(std::stoul(text, nullptr, 16)))});
    } else if constexpr (std::is_same_v<T, double>) {
      return MakeColumn<T>(type, {std::bit_cast<T>(std::stoull(text, nullptr, 16))});
    } else if constexpr (std::is_same_v<T, StringRef>) {
      return nullptr;
    } else {
      return MakeColumn<T>(type, {static_cast<T>(ToInt128(text))});
    }
  });
}

// Rows of one type, encoded and decoded as one batch.
void CheckRows(std::span<const GoldenRow> golden) {
  Result<LogicalType> type = LogicalType::Parse(golden[0].type);
  ASSERT_TRUE(type.ok()) << type.status().ToString();
  std::vector<LogicalType> types;
  for (const auto& field : type->fields()) types.push_back(field.type);

  std::vector<std::vector<ColumnPtr>> parts(types.size());
  for (const GoldenRow& row : golden) {
    std::istringstream values(row.values);
    for (size_t i = 0; i < types.size(); ++i) parts[i].push_back(ReadValue(types[i], values));
  }
  std::vector<ColumnPtr> columns;
  for (const auto& column_parts : parts) columns.push_back(Concat(column_parts));

  const BinaryRowCodec codec(types);
  EncodedRows rows;
  codec.Encode(columns, static_cast<int32_t>(golden.size()), &rows);
  std::vector<int32_t> hashes(golden.size());
  HashBinaryRows(rows, hashes.data());
  std::vector<const char*> pointers;
  for (size_t i = 0; i < golden.size(); ++i) {
    const std::string_view row = rows.row(static_cast<int32_t>(i));
    EXPECT_EQ(ToHex(row), golden[i].bytes) << golden[i].values;
    EXPECT_EQ(hashes[i], golden[i].hash);
    EXPECT_EQ(HashBinaryRow(row), golden[i].hash);
    EXPECT_EQ(KeyGroupOf(hashes[i], 128), golden[i].key_group);
    pointers.push_back(row.data());
  }
  const std::vector<ColumnPtr> decoded = codec.Decode(pointers);
  for (size_t i = 0; i < columns.size(); ++i) EXPECT_EQ(Show(*decoded[i]), Show(*columns[i]));
}

TEST(BinaryRowGolden, KeysAreFlinks) {
  const std::vector<GoldenRow> golden = ReadRows();
  ASSERT_GT(golden.size(), 300u);
  for (size_t start = 0; start < golden.size();) {
    size_t end = start;
    while (end < golden.size() && golden[end].type == golden[start].type) ++end;
    SCOPED_TRACE(golden[start].type);
    CheckRows(std::span(golden).subspan(start, end - start));
    start = end;
  }
}

}  // namespace
}  // namespace castor
