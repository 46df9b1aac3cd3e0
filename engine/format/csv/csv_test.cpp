#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "format/api/row_text.h"
#include "format/csv/csv_decoder.h"
#include "format/csv/csv_encoder.h"
#include "format/csv/csv_format.h"

namespace castor::format::csv {
namespace {

LogicalType RowOf(const std::string& text) {
  auto type = LogicalType::Parse("ROW<" + text + ">");
  EXPECT_TRUE(type.ok()) << type.status().ToString();
  return *type;
}

class CsvDecoderTest : public ::testing::Test {
 protected:
  // Rows as row text, then bad records as "offset: error". Also checks that any cut of the input
  // into two blocks gives the same.
  std::string Decode(const std::string& text, const std::string& row) {
    return Decode(text, DecodeSpec::All(RowOf(row)));
  }
  std::string Decode(const std::string& text, const DecodeSpec& spec) {
    const std::string whole = DecodeBlocks(text, text.size(), spec);
    for (size_t cut = 0; cut < text.size(); ++cut) {
      EXPECT_EQ(DecodeBlocks(text, cut, spec), whole) << "cut at " << cut;
    }
    return whole;
  }

  std::string DecodeBlocks(const std::string& text, size_t cut, const DecodeSpec& spec) {
    auto decoder = MakeCsvDecoder(spec, options_);
    EXPECT_TRUE(decoder.ok()) << decoder.status().ToString();
    std::string padded = text;
    padded.append(kBlockPadding, '\0');
    std::string rows, bad;
    size_t at = 0;
    for (const size_t end : {cut, text.size()}) {
      const bool last = end == text.size();
      while (at < end) {
        Decoded decoded;
        EXPECT_TRUE((*decoder)->Decode({padded.data() + at, end - at}, last, 2, &decoded).ok());
        for (int32_t i = 0; i < decoded.batch.num_rows; ++i) {
          AppendRowText(decoded.batch, i, &rows);
          rows += '\n';
        }
        for (const BadRecord& record : decoded.bad) {
          bad += std::to_string(at + record.offset) + ": " + record.error + "\n";
        }
        at += decoded.consumed;
        if (decoded.consumed == 0) break;
      }
    }
    EXPECT_EQ(at, text.size());
    return rows + bad;
  }

  CsvOptions options_;
};

TEST_F(CsvDecoderTest, ReadsAllTypes) {
  EXPECT_EQ(Decode("TRUE, 7 ,-3,1.5,2e3,12.345,x y,AQID,2020-2-30,12:13:14.56,"
                   "2020-12-30 12:13:14.1234567,2020-12-30 12:13:14Z\n",
                   "`b` BOOLEAN, `i` INT, `t` TINYINT, `f` FLOAT, `d` DOUBLE, `n` DECIMAL(5, 2), "
                   "`v` VARCHAR(99), `x` VARBINARY(99), `da` DATE, `ti` TIME(1), "
                   "`ts` TIMESTAMP(6), `tz` TIMESTAMP(0) WITH LOCAL TIME ZONE"),
            "+I[true, 7, -3, 1.5, 2000.0, 12.35, \"x y\", x\"010203\", 2020-03-01, 12:13:14.5, "
            "2020-12-30 12:13:14.123456, 2020-12-30 12:13:14Z]\n");
}

TEST_F(CsvDecoderTest, QuotesAndLineEnds) {
  const std::string row = "`a` VARCHAR(99), `b` VARCHAR(99)";
  EXPECT_EQ(Decode("\"x,\"\"y\"\"\r\nz\" ,b\r\na\"q, \"c\"\rd,\n\"\",\"e\"", row),
            "+I[\"x,\\\"y\\\"\\r\\nz\", \"b\"]\n+I[\"a\\\"q\", \" \\\"c\\\"\"]\n+I[\"d\", \"\"]\n"
            "+I[\"\", \"e\"]\n");
}

TEST_F(CsvDecoderTest, BrokenQuotesCostTheirRecord) {
  const std::string row = "`a` VARCHAR(99), `b` VARCHAR(99)";
  EXPECT_EQ(Decode("\"x\"y,1\na,b\n\"c,d\n", row),
            "+I[\"a\", \"b\"]\n"
            "0: text between a closing quote and the next delimiter\n"
            "11: a quote is not closed\n");
}

TEST_F(CsvDecoderTest, CountsOfValues) {
  const std::string row = "`a` INT, `b` INT";
  EXPECT_EQ(Decode("1,2,\n1,2, \n3,4", row), "+I[1, 2]\n+I[1, 2]\n+I[3, 4]\n");
  EXPECT_EQ(Decode("1,2,3\n1\n\n5,6\n", row),
            "+I[5, 6]\n0: 3 values, but the table has 2 columns in the file\n"
            "6: 1 values, but the table has 2 columns in the file\n"
            "8: 1 values, but the table has 2 columns in the file\n");
  options_.ignore_trailing_unmappable = true;
  options_.allow_trailing_comma = false;
  EXPECT_EQ(Decode("1,2,3\n1,2,\n", row), "+I[1, 2]\n+I[1, 2]\n");
  options_.ignore_trailing_unmappable = false;
  EXPECT_EQ(Decode("1,2,\n", row), "0: 3 values, but the table has 2 columns in the file\n");
}

TEST_F(CsvDecoderTest, Arrays) {
  const std::string row = "`a` ARRAY<INT>, `s` ARRAY<VARCHAR(9)>";
  EXPECT_EQ(Decode("1;2;3,\"x;y, z;\"\n7, \n\n", row),
            "+I[[1, 2, 3], [\"x\", \"y, z\", \"\"]]\n+I[[7], []]\n"
            "20: 1 values, but the table has 2 columns in the file\n");
  EXPECT_EQ(Decode("1;x,q\n2,q\n", row),
            "+I[[2], [\"q\"]]\n0: field 'a': '1;x' is not of type ARRAY<INT>\n");
  options_.ignore_parse_errors = true;
  EXPECT_EQ(Decode("1;x,q\n", row), "+I[[1, NULL], [\"q\"]]\n");
  const auto nested = MakeCsvDecoder(DecodeSpec::All(RowOf("`a` ARRAY<ARRAY<INT>>")), options_);
  EXPECT_NE(nested.status().message().find("inside another"), std::string::npos);
  const auto map = MakeCsvDecoder(DecodeSpec::All(RowOf("`m` MAP<INT, INT>")), options_);
  EXPECT_NE(map.status().message().find("does not support type MAP"), std::string::npos);
}

TEST_F(CsvDecoderTest, ProjectionComparesWithReadColumns) {
  DecodeSpec spec;
  spec.physical_row = RowOf("`a` INT, `b` INT, `c` INT");
  spec.projection = {{1}, {2}};
  spec.produced_row = RowOf("`b` INT, `c` INT");
  EXPECT_EQ(Decode("1,2,3\n4,5\nx,6,7\n", spec), "+I[2, 3]\n+I[5, NULL]\n+I[6, 7]\n");
  options_.fail_on_missing_columns = true;
  EXPECT_EQ(Decode("4,5\n", spec), "0: 2 values, but the table has 3 columns in the file\n");
}

TEST_F(CsvDecoderTest, IgnoresParseErrorsWhenTold) {
  options_.ignore_parse_errors = true;
  EXPECT_EQ(Decode("x,1\n1\n\"q\"z,1\n1,2,3\n", "`a` INT, `b` INT"), "+I[NULL, 1]\n+I[1, NULL]\n");
}

TEST_F(CsvDecoderTest, NullsCommentsTrimAndEscape) {
  const std::string row = "`a` VARCHAR(99), `b` VARCHAR(99)";
  options_.null_literal = "n/a";
  EXPECT_EQ(Decode("n/a,\"n/a\"\n,x\n", row), "+I[NULL, NULL]\n+I[\"\", \"x\"]\n");
  options_.empty_string_as_null = true;
  options_.allow_comments = true;
  options_.trim_spaces = true;
  EXPECT_EQ(Decode("# one\n\n  a , \" b\"\n#two", row), "+I[\"a\", \" b\"]\n");
  EXPECT_EQ(Decode(" ,\" \"\n", row), "+I[NULL, \" \"]\n");
  options_.escape = '\\';
  options_.trim_spaces = false;
  EXPECT_EQ(Decode("a\\,b\\n,\"c\\\"\\\\\"\n", row), "+I[\"a,b\\n\", \"c\\\"\\\\\"]\n");
}

TEST_F(CsvDecoderTest, NestedRows) {
  const std::string row = "`r` ROW<`x` INT, `y` VARCHAR(9)>, `b` INT";
  EXPECT_EQ(Decode("1;q,2\n,3\n4,5\n6;\"a,7\n", row),
            "+I[(1, \"q\"), 2]\n+I[NULL, 3]\n+I[(6, \"\\\"a\"), 7]\n"
            "9: field 'r': '4' is not of type ROW<`x` INT, `y` VARCHAR(9)>\n");
}

TEST_F(CsvDecoderTest, OtherDelimitersAndInvalidUtf8) {
  options_.delimiter = '\t';
  options_.quote.reset();
  EXPECT_EQ(Decode("\xef\xbb\xbf\"a\tb\n\xff\tc\n", "`a` VARCHAR(9), `b` VARCHAR(9)"),
            "+I[\"\\\"a\", \"b\"]\n8: not valid UTF-8\n");
}

TEST_F(CsvDecoderTest, RecordsLargerThanAWindow) {
  std::string text;
  for (int i = 0; i < 3; ++i)
    text += "\"" + std::string(100'000, 'x') + "\n\"," + std::to_string(i) + "\n";
  const DecodeSpec spec = DecodeSpec::All(RowOf("`a` VARCHAR(2147483647), `b` INT"));
  const std::string rows = DecodeBlocks(text, 150'000, spec);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 3);
  EXPECT_NE(rows.find("x\\n\", 2]"), std::string::npos);
}

template <typename T>
std::string Encode(const LogicalType& type, std::vector<std::optional<T>> values,
                   const CsvOptions& options = {}) {
  auto encoder = MakeCsvEncoder(LogicalType::Row({{"a", type}}), options);
  EXPECT_TRUE(encoder.ok()) << encoder.status().ToString();
  ColumnPtr column;
  if constexpr (std::is_same_v<T, std::string>) {
    column = MakeStrings(values, type);
  } else {
    column = MakeColumn<T>(type, values);
  }
  std::string out;
  const int32_t rows = column->size();
  EXPECT_TRUE((*encoder)->Encode(Batch(rows, {column}), nullptr, rows, &out).ok());
  return out;
}

TEST(CsvEncoderTest, QuotesAsJacksonDoes) {
  // Everything below '-' in short texts, everything in texts of more than 24 characters.
  EXPECT_EQ(Encode<std::string>(LogicalType::String(),
                                {"abc", "a b", "a,b", "a\"b", "a-b", "a\\b", "", std::nullopt,
                                 "abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwxy",
                                 "éééééééééééééééééééééééé"}),
            "abc\n\"a b\"\n\"a,b\"\n\"a\"\"b\"\na-b\n\"a\\b\"\n\n\n"
            "abcdefghijklmnopqrstuvwx\n\"abcdefghijklmnopqrstuvwxy\"\néééééééééééééééééééééééé\n");
  CsvOptions none;
  none.quote.reset();
  none.null_literal = "NULL";
  EXPECT_EQ(Encode<std::string>(LogicalType::String(), {"a,b", std::nullopt}, none), "a,b\nNULL\n");
  CsvOptions escape;
  escape.escape = '\\';
  EXPECT_EQ(Encode<std::string>(LogicalType::String(), {"a\\\"b"}, escape), "\"a\\\\\"\"b\"\n");
}

TEST(CsvEncoderTest, NumbersAndTimes) {
  const LogicalType decimal = LogicalType::Decimal(10, 2);
  EXPECT_EQ(Encode<int128_t>(decimal, {10000, 1234}), "1E+2\n12.34\n");
  CsvOptions plain;
  plain.scientific_decimals = false;
  EXPECT_EQ(Encode<int128_t>(decimal, {10000}, plain), "100.00\n");
  EXPECT_EQ(Encode<int64_t>(LogicalType::Timestamp(3), {1, 1000}),
            "\"1970-01-01 00:00:00.001\"\n\"1970-01-01 00:00:01\"\n");
  EXPECT_EQ(Encode<int32_t>(LogicalType(TypeKind::kDate), {0}), "1970-01-01\n");
  EXPECT_EQ(Encode<double>(LogicalType::Double(), {-1e10}), "-1.0E10\n");
}

TEST(CsvFormatTest, ChecksOptions) {
  FormatRegistry registry;
  RegisterCsv(&registry);
  EXPECT_TRUE(registry.MakeDecoding("csv", {{"csv.field-delimiter", "\\t"}}, "UTC").ok());
  EXPECT_FALSE(registry.MakeDecoding("csv", {{"csv.field-delimiter", "ab"}}, "UTC").ok());
  EXPECT_FALSE(
      registry
          .MakeEncoding(
              "csv", {{"csv.quote-character", "'"}, {"csv.disable-quote-character", "true"}}, "UTC")
          .ok());
  EXPECT_FALSE(MakeCsvEncoder(RowOf("`t` TIME(6)"), {}).ok());
  auto quoted = registry.MakeDecoding("csv", {}, "UTC");
  EXPECT_FALSE((*quoted)->splittable());
  auto plain = registry.MakeDecoding("csv", {{"csv.disable-quote-character", "true"}}, "UTC");
  EXPECT_TRUE((*plain)->splittable());
}

}  // namespace
}  // namespace castor::format::csv
