#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "format/api/row_text.h"
#include "format/raw/raw_codec.h"
#include "format/raw/raw_format.h"

namespace castor::format::raw {
namespace {

std::string Decode(std::string text, const LogicalType& type, const RawOptions& options = {}) {
  auto decoder = MakeRawDecoder(DecodeSpec::All(LogicalType::Row({{"a", type}})), options);
  EXPECT_TRUE(decoder.ok());
  const size_t size = text.size();
  text.append(kBlockPadding, '\0');
  Decoded decoded;
  EXPECT_TRUE((*decoder)->Decode({text.data(), size}, true, 100, &decoded).ok());
  EXPECT_EQ(decoded.consumed, size);
  std::string shown;
  for (int32_t i = 0; i < decoded.batch.num_rows; ++i) AppendRowText(decoded.batch, i, &shown);
  for (const BadRecord& bad : decoded.bad) shown += bad.error;
  return shown;
}

TEST(RawTest, LinesAreValues) {
  EXPECT_EQ(Decode("a\r\n\nb,\"c\"", LogicalType::String()),
            "+I[\"a\"]+I[\"\"]+I[\"b,\\\"c\\\"\"]");
  EXPECT_EQ(Decode("\x01\xff\n", LogicalType(TypeKind::kVarBinary, true, 9)), "+I[x\"01ff\"]");
}

TEST(RawTest, NumbersInBothByteOrders) {
  EXPECT_EQ(Decode(std::string("\0\0\1\2\n", 5), LogicalType::Integer()), "+I[258]");
  RawOptions little;
  little.big_endian = false;
  EXPECT_EQ(Decode(std::string("\2\1\0\0\n", 5), LogicalType::Integer(), little), "+I[258]");
  EXPECT_EQ(Decode("\xc0\x04\n", LogicalType(TypeKind::kSmallInt)), "+I[-16380]");
  EXPECT_EQ(Decode("abc\n", LogicalType::Integer()), "field 'a': 3 bytes, but INT has 4");
}

TEST(RawTest, Latin1) {
  RawOptions options;
  options.charset = Charset::kLatin1;
  EXPECT_EQ(Decode("\xe9\n", LogicalType::String(), options), "+I[\"é\"]");
  auto encoder = MakeRawEncoder(LogicalType::Row({{"a", LogicalType::String()}}), options);
  std::string out;
  ASSERT_TRUE((*encoder)->Encode(Batch(2, {MakeStrings({"é", "€"})}), nullptr, 2, &out).ok());
  EXPECT_EQ(out, "\xe9\n?\n");
}

TEST(RawTest, WritesAndRefuses) {
  const LogicalType real = LogicalType::Double();
  auto encoder = MakeRawEncoder(LogicalType::Row({{"a", real}}), {});
  std::string out;
  ASSERT_TRUE(
      (*encoder)->Encode(Batch(1, {MakeColumn<double>(real, {1.0})}), nullptr, 1, &out).ok());
  EXPECT_EQ(out, std::string("\x3f\xf0\0\0\0\0\0\0\n", 9));
  EXPECT_FALSE((*encoder)
                   ->Encode(Batch(1, {MakeColumn<double>(real, {std::nullopt})}), nullptr, 1, &out)
                   .ok());
  EXPECT_FALSE(MakeRawEncoder(LogicalType::Row({{"a", real}, {"b", real}}), {}).ok());
  EXPECT_FALSE(MakeRawEncoder(LogicalType::Row({{"a", LogicalType::Timestamp(3)}}), {}).ok());
  FormatRegistry registry;
  RegisterRaw(&registry);
  EXPECT_FALSE(registry.MakeDecoding("raw", {{"raw.charset", "UTF-16"}}, "UTC").ok());
}

}  // namespace
}  // namespace castor::format::raw
