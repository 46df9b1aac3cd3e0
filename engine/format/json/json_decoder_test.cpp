#include "format/json/json_decoder.h"

#include <gtest/gtest.h>

#include "format/api/row_text.h"
#include "format/json/json_format.h"

namespace castor::format::json {
namespace {

LogicalType RowOf(const std::string& text) {
  auto type = LogicalType::Parse("ROW<" + text + ">");
  EXPECT_TRUE(type.ok()) << type.status().ToString();
  return *type;
}

std::string Padded(std::string text) {
  text.append(kBlockPadding, '\0');
  return text;
}

class JsonDecoderTest : public ::testing::Test {
 protected:
  // All rows as row text, one a line; then each bad record as "offset: error".
  std::string Decode(const std::string& text, const std::string& row, int32_t max_rows = 100,
                     bool last = true) {
    return Decode(text, DecodeSpec::All(RowOf(row)), max_rows, last);
  }

  std::string Decode(const std::string& text, const DecodeSpec& spec, int32_t max_rows = 100,
                     bool last = true) {
    auto decoder = MakeJsonDecoder(spec, options_);
    EXPECT_TRUE(decoder.ok()) << decoder.status().ToString();
    const std::string padded = Padded(text);
    std::string shown;
    size_t at = 0;
    consumed_ = 0;
    while (at < text.size()) {
      Decoded decoded;
      Status status =
          (*decoder)->Decode({padded.data() + at, text.size() - at}, last, max_rows, &decoded);
      EXPECT_TRUE(status.ok()) << status.ToString();
      for (int32_t i = 0; i < decoded.batch.num_rows; ++i) {
        AppendRowText(decoded.batch, i, &shown);
        shown += '\n';
      }
      for (const BadRecord& bad : decoded.bad) {
        shown += std::to_string(at + bad.offset) + ": " + bad.error + "\n";
      }
      if (decoded.consumed == 0) break;
      at += decoded.consumed;
    }
    consumed_ = at;
    return shown;
  }

  JsonOptions options_;
  size_t consumed_ = 0;
};

TEST_F(JsonDecoderTest, ReadsAllScalarTypes) {
  EXPECT_EQ(
      Decode(R"({"b":true,"t":-128,"s":32767,"i":-7,"l":9223372036854775807,"f":1.5,"d":-2.5e-3,)"
             R"("n":12.345,"v":"a\u00e9\n","x":"AQID","da":"2020-02-29","ti":"12:13:14.123",)"
             R"("ts":"2020-12-30 12:13:14.123","tz":"2020-12-30 12:13:14.123Z"})"
             "\n",
             "`b` BOOLEAN, `t` TINYINT, `s` SMALLINT, `i` INT, `l` BIGINT, `f` FLOAT, `d` DOUBLE, "
             "`n` DECIMAL(6, 2), `v` VARCHAR(2147483647), `x` VARBINARY(2147483647), `da` DATE, "
             "`ti` TIME(3), `ts` TIMESTAMP(3), `tz` TIMESTAMP(3) WITH LOCAL TIME ZONE"),
      "+I[true, -128, 32767, -7, 9223372036854775807, 1.5, -0.0025, 12.35, \"aé\\n\", "
      "x\"010203\", 2020-02-29, 12:13:14.123, 2020-12-30 12:13:14.123, "
      "2020-12-30 12:13:14.123Z]\n");
}

TEST_F(JsonDecoderTest, ConvertsAsJacksonDoes) {
  // Text of scalars for strings, trimmed text for numbers, cut fractions, "TRUE" in any case.
  EXPECT_EQ(Decode(R"({"a":12,"b":" +5 ","c":7.9,"d":"TrUe","e":{"x":[1, 2.50 ,null]}})"
                   "\n",
                   "`a` VARCHAR(10), `b` BIGINT, `c` INT, `d` BOOLEAN, `e` VARCHAR(99)"),
            "+I[\"12\", 5, 7, true, \"{\\\"x\\\":[1,2.5,null]}\"]\n");
  EXPECT_EQ(Decode(R"({"a":1,"b":"1e3","c":123456})"
                   "\n",
                   "`a` BOOLEAN, `b` DOUBLE, `c` DECIMAL(4, 1)"),
            "+I[false, 1000.0, NULL]\n");
}

TEST_F(JsonDecoderTest, RefusesWhatJacksonRefuses) {
  for (const char* value : {"128", "1.0", "\"x\"", "true", "{}", "[1]", "99999999999999999999"}) {
    const std::string shown = Decode(std::string("{\"a\":") + value + "}\n", "`a` TINYINT");
    EXPECT_NE(shown.find("0: field 'a': "), std::string::npos) << value << " gave " << shown;
  }
  for (const char* text :
       {"{\"a\":01}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1", "{a:1}", "{\"a\":+1}", "{\"a\":1.}",
        "{\"a\":nul}", "{\"a\":\"\\q\"}", "{\"z\":tru,\"a\":1}", "{\"\\q\":1,\"a\":1}"}) {
    EXPECT_EQ(Decode(text, "`a` INT"), "0: not valid JSON\n") << text;
  }
  for (const char* text : {R"({"a":"\q"})", R"({"a":"x\u12"})", R"({"a":"\u00g0y"})"}) {
    EXPECT_EQ(Decode(text, "`a` VARCHAR(9)"), "0: not valid JSON\n") << text;
  }
}

TEST_F(JsonDecoderTest, UnescapesTextsOfAnySize) {
  for (size_t before = 0; before < 70; ++before) {
    const std::string plain(before, 'x');
    EXPECT_EQ(Decode("{\"a\":\"" + plain + R"(\"y\u00e9\t)" + plain + "\"}\n", "`a` VARCHAR(999)"),
              "+I[\"" + plain + "\\\"yé\\t" + plain + "\"]\n");
  }
}

TEST_F(JsonDecoderTest, NullsMissingAndNestedRows) {
  EXPECT_EQ(
      Decode(
          "{\"a\":null,\"r\":{\"y\":\"q\"}}\n{\"r\":null}\n{\"a\":1,\"r\":{\"x\":2,\"y\":null}}\n",
          "`a` INT, `r` ROW<`x` INT, `y` VARCHAR(9)>"),
      "+I[NULL, (NULL, \"q\")]\n+I[NULL, NULL]\n+I[1, (2, NULL)]\n");
}

TEST_F(JsonDecoderTest, ReadsCollections) {
  EXPECT_EQ(
      Decode(
          "{\"a\":[1,null, 3],\"m\":{\"k\\u0041\":[\"x\"],\"l\":null,\"kA\":[]},\"s\":{\"q\":2}}\n"
          "{\"a\":[],\"m\":{},\"s\":null}\n",
          "`a` ARRAY<INT>, `m` MAP<VARCHAR(9), ARRAY<VARCHAR(9)>>, `s` MULTISET<VARCHAR(9)>"),
      "+I[[1, NULL, 3], {\"kA\": [], \"l\": NULL}, {\"q\": 2}]\n+I[[], {}, NULL]\n");
  EXPECT_EQ(Decode("{\"r\":[{\"x\":1,\"y\":[[1],[]]},null,{}]}\n",
                   "`r` ARRAY<ROW<`x` INT, `y` ARRAY<ARRAY<INT>>>>"),
            "+I[[(1, [[1], []]), NULL, (NULL, NULL)]]\n");
}

TEST_F(JsonDecoderTest, BadElementsSpoilTheirRecord) {
  const std::string text =
      "{\"a\":[1,\"x\",3]}\n{\"a\":[4]}\n{\"a\":{}}\n{\"a\":[5,]}\n{\"a\":[6]}\n";
  EXPECT_EQ(Decode(text, "`a` ARRAY<INT>"),
            "+I[[4]]\n+I[[6]]\n"
            "0: field 'a': \"x\" is not a whole number in range (INT)\n"
            "26: field 'a': { is not an array (ARRAY<INT>)\n35: not valid JSON\n");
  options_.ignore_parse_errors = true;
  EXPECT_EQ(Decode(text, "`a` ARRAY<INT>"), "+I[[1, NULL, 3]]\n+I[[4]]\n+I[NULL]\n+I[[6]]\n");
}

TEST_F(JsonDecoderTest, KeysOfMapsAreStrings) {
  const auto decoder = MakeJsonDecoder(DecodeSpec::All(RowOf("`m` ARRAY<MAP<INT, INT>>")), {});
  EXPECT_NE(decoder.status().message().find("keys other than strings"), std::string::npos);
}

TEST_F(JsonDecoderTest, FailsOnMissingFieldWhenTold) {
  options_.fail_on_missing_field = true;
  EXPECT_EQ(Decode("{\"a\":1}\n", "`a` INT, `b` INT"), "0: field 'b' is missing\n");
}

TEST_F(JsonDecoderTest, IgnoresParseErrorsWhenTold) {
  options_.ignore_parse_errors = true;
  EXPECT_EQ(Decode("{\"a\":\"x\",\"b\":1}\nnot json\n{\"a\":2\n{\"a\":[1],\"b\":3}\n",
                   "`a` INT, `b` INT"),
            "+I[NULL, 1]\n+I[NULL, 3]\n");
}

TEST_F(JsonDecoderTest, ABadLineCostsOnlyItself) {
  EXPECT_EQ(Decode("{\"a\":1}\n{\"a\":\"\n{\"a\":2}\n\n \n{\"a\":3}", "`a` INT"),
            "+I[1]\n+I[2]\n+I[3]\n8: a string without its closing quote\n24: no JSON object\n");
}

TEST_F(JsonDecoderTest, ProjectsByNameInAnyOrder) {
  DecodeSpec spec;
  spec.physical_row = RowOf("`a` INT, `b` INT, `c` VARCHAR(9)");
  spec.projection = {{2}, {0}};
  spec.produced_row = RowOf("`c` VARCHAR(9), `a` INT");
  EXPECT_EQ(Decode("{\"a\":1,\"b\":{\"c\":\"no\"},\"c\":\"x\"}\n{\"c\":\"y\",\"a\":2}\n", spec),
            "+I[\"x\", 1]\n+I[\"y\", 2]\n");
  spec.projection = {};
  spec.produced_row = LogicalType::Row({});
  EXPECT_EQ(Decode("{\"a\":1}\n{}\n", spec), "+I[]\n+I[]\n");
}

TEST_F(JsonDecoderTest, DoubledKeysCountAsFields) {
  // Flink stops looking at keys once it matched as many as there are fields.
  EXPECT_EQ(Decode("{\"a\":1,\"a\":2,\"b\":3}\n", "`a` INT, `b` INT"), "+I[2, NULL]\n");
  EXPECT_EQ(Decode("{\"a\":null,\"a\":2}\n", "`a` INT, `b` INT"), "+I[2, NULL]\n");
}

TEST_F(JsonDecoderTest, ArraysGiveARowEach) {
  EXPECT_EQ(Decode("[{\"a\":1},{\"a\":2}]\n[]\n{\"a\":3} behind is ignored\n", "`a` INT"),
            "+I[1]\n+I[2]\n+I[3]\n");
  EXPECT_EQ(Decode("[{\"a\":1},5]\n{\"a\":2}\n", "`a` INT"),
            "+I[2]\n0: an array element that is not an object\n");
  options_.ignore_parse_errors = true;
  EXPECT_EQ(Decode("[{\"a\":1},5]\n", "`a` INT"), "+I[1]\n");
}

TEST_F(JsonDecoderTest, ControlCharactersCarriageReturnsAndByteOrderMarks) {
  EXPECT_EQ(Decode("{\"a\":\"x\ty\"}\r\n\xef\xbb\xbf{\"a\":\"z\"}\n", "`a` VARCHAR(9)"),
            "+I[\"x\\ty\"]\n+I[\"z\"]\n");
  EXPECT_EQ(Decode("{\"a\":\"\xff\"}\n{\"a\":\"ok\"}\n", "`a` VARCHAR(9)"),
            "+I[\"ok\"]\n0: not valid UTF-8\n");
}

TEST_F(JsonDecoderTest, EscapedKeysAndSurrogates) {
  EXPECT_EQ(Decode("{\"\\u0061\":\"\\ud83d\\ude00\\ud800\"}\n", "`a` VARCHAR(9)"), "+I[\"😀?\"]\n");
}

TEST_F(JsonDecoderTest, TakesWholeRecordsOnly) {
  EXPECT_EQ(Decode("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", "`a` INT", 1, false), "+I[1]\n+I[2]\n");
  EXPECT_EQ(consumed_, 16u);
  EXPECT_EQ(Decode("{\"a\":1", "`a` INT", 1, false), "");
}

TEST_F(JsonDecoderTest, TimestampStyles) {
  const std::string row =
      "`a` TIMESTAMP(9), `b` TIMESTAMP(6), `c` TIMESTAMP(3) WITH LOCAL TIME ZONE";
  EXPECT_EQ(Decode("{\"a\":\"2020-02-30 24:00:00\",\"b\":\"1969-12-31 23:59:59.9999999\","
                   "\"c\":\"0001-01-01 00:00:00.Z\"}\n",
                   row),
            "+I[2020-03-01 00:00:00.000000000, 1969-12-31 23:59:59.999999, "
            "0001-01-01 00:00:00.000Z]\n");
  options_.timestamp_style = TimestampStyle::kIso8601;
  EXPECT_EQ(Decode("{\"a\":\"2020-02-28T01:02\",\"b\":\"2020-02-28t01:02:03\","
                   "\"c\":\"2020-02-28T01:02:03.5Z\"}\n",
                   row),
            "+I[2020-02-28 01:02:00.000000000, 2020-02-28 01:02:03.000000, "
            "2020-02-28 01:02:03.500Z]\n");
  EXPECT_NE(Decode("{\"a\":\"2020-02-30T01:02:03\"}\n", row).find("0: field 'a'"),
            std::string::npos);
}

TEST_F(JsonDecoderTest, RefusesTypesByName) {
  auto decoder = MakeJsonDecoder(DecodeSpec::All(RowOf("`m` RAW('of.Me', 'x')")), options_);
  ASSERT_FALSE(decoder.ok());
  EXPECT_NE(decoder.status().message().find("'m'"), std::string::npos);
}

TEST(JsonFormatTest, ChecksOptions) {
  FormatRegistry registry;
  RegisterJson(&registry);
  EXPECT_TRUE(registry.MakeDecoding("json", {{"json.ignore-parse-errors", "true"}}, "UTC").ok());
  EXPECT_EQ(
      registry.MakeDecoding("json", {{"json.ignore-errors", "true"}}, "UTC").status().message(),
      "option 'json.ignore-errors' is not known");
  EXPECT_EQ(registry.MakeDecoding("json", {{"json.timestamp-format.standard", "ISO"}}, "UTC")
                .status()
                .message(),
            "option 'json.timestamp-format.standard': 'ISO' is none of SQL, ISO-8601");
  EXPECT_FALSE(
      registry
          .MakeDecoding(
              "json",
              {{"json.ignore-parse-errors", "true"}, {"json.fail-on-missing-field", "true"}}, "UTC")
          .ok());
  EXPECT_EQ(registry.MakeDecoding("xml", {}, "UTC").status().message(),
            "there is no format 'xml'; formats are: json");
}

}  // namespace
}  // namespace castor::format::json
