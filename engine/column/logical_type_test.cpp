#include "column/logical_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace castor {
namespace {

using ::testing::HasSubstr;

LogicalType Parsed(std::string_view text) {
  Result<LogicalType> type = LogicalType::Parse(text);
  EXPECT_TRUE(type.ok()) << type.status().ToString();
  return type.ok() ? *type : LogicalType();
}

// Flink's own pairs of serial and summary form.
TEST(LogicalType, SummariesAreFlinks) {
  std::ifstream file(CASTOR_GOLDEN_DIR "/binary-rows/types.txt");
  std::string serial;
  std::string summary;
  int count = 0;
  while (std::getline(file, serial, '\t') && std::getline(file, summary)) {
    ++count;
    EXPECT_EQ(Parsed(serial).ToString(), summary);
    EXPECT_EQ(Parsed(summary), Parsed(serial)) << serial;
  }
  EXPECT_GT(count, 50);
}

TEST(LogicalType, ParsesDeepTypesAndComments) {
  const LogicalType type = Parsed(
      "ROW<`a``b` MAP<INT NOT NULL, ROW<`x` DECIMAL(10, 2) 'it''s, <odd>' , `y` "
      "ARRAY<TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL>> NOT NULL> 'c', timestamp DATE> NOT NULL");
  EXPECT_EQ(type.ToString(),
            "ROW<`a``b` MAP<INT NOT NULL, ROW<`x` DECIMAL(10, 2), `y` "
            "ARRAY<TIMESTAMP_LTZ(3) NOT NULL>> NOT NULL>, `timestamp` DATE> NOT NULL");
  EXPECT_EQ(type.fields()[0].name, "a`b");
  EXPECT_EQ(type.fields()[0].type.children().size(), 2u);
}

TEST(LogicalType, ParsesRaw) {
  const LogicalType type = Parsed("RAW('org.example.Of''Me', 'AAEC+/=') NOT NULL");
  EXPECT_EQ(type.kind(), TypeKind::kRaw);
  EXPECT_EQ(type.class_name(), "org.example.Of'Me");
  EXPECT_EQ(type.ToString(), "RAW('org.example.Of''Me', ?) NOT NULL");
}

TEST(LogicalType, AccumulatorsAreRaw) {
  const LogicalType type = Parsed(
      "ROW<`a` STRUCTURED<'org.apache.flink.table.runtime.functions.aggregate.Of$Acc', `n` BIGINT, "
      "`m` STRUCTURED<'org.apache.flink.table.api.dataview.MapView', `map` MAP<INT, BIGINT>>> "
      "NOT NULL, `b` INT>");
  ASSERT_EQ(type.fields().size(), 2u);
  EXPECT_EQ(type.fields()[0].type.kind(), TypeKind::kRaw);
  EXPECT_FALSE(type.fields()[0].type.nullable());
}

TEST(LogicalType, ErrorsNameThePosition) {
  const auto error = [](std::string_view text) {
    const Result<LogicalType> type = LogicalType::Parse(text);
    EXPECT_FALSE(type.ok()) << text;
    return type.status().ToString();
  };
  EXPECT_THAT(error(""), HasSubstr("position 0: type expected"));
  EXPECT_THAT(error("INT INT"), HasSubstr("position 4: unexpected 'INT'"));
  EXPECT_THAT(error("ROW<`a` INT"), HasSubstr("position 11: ',' expected"));
  EXPECT_THAT(error("ROW<`a INT>"), HasSubstr("position 4: missing closing `"));
  EXPECT_THAT(error("DECIMAL(39, 2)"), HasSubstr("position 8: number between 1 and 38"));
  EXPECT_THAT(error("DECIMAL(5, 6)"), HasSubstr("position 11: number between 0 and 5"));
  EXPECT_THAT(error("TIMESTAMP(10)"), HasSubstr("between 0 and 9"));
  EXPECT_THAT(error("CHAR(99999999999)"), HasSubstr("integer expected"));
  EXPECT_THAT(error("VARCHAR(0)"), HasSubstr("between 1 and"));
  EXPECT_THAT(error("INTERVAL SECOND TO DAY"), HasSubstr("invalid interval resolution"));
  EXPECT_THAT(error("INT NOT"), HasSubstr("'NULL' expected"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "ARRAY<";
  EXPECT_THAT(error(deep), HasSubstr("nested too deeply"));
}

TEST(LogicalType, RefusesUnknownTypesByName) {
  for (const std::string name :
       {"LEGACY('RAW', 'x')", "TIMESTAMP(3) WITH TIME ZONE", "DESCRIPTOR", "`cat`.`my`"}) {
    EXPECT_FALSE(LogicalType::Parse("ROW<`a` " + name + ">").ok()) << name;
  }
  const Status status = LogicalType::Parse("ROW<`a` DESCRIPTOR>").status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_THAT(status.message(), HasSubstr("position 8: type 'DESCRIPTOR' is not supported"));
}

TEST(LogicalType, TimeAttributesShow) {
  const LogicalType type = LogicalType::Timestamp(3, false);
  EXPECT_EQ(type.WithTimeAttribute(TimeAttribute::kRowtime).ToString(),
            "TIMESTAMP(3) NOT NULL *ROWTIME*");
  EXPECT_EQ(LogicalType(TypeKind::kTimestampLtz, true, 3)
                .WithTimeAttribute(TimeAttribute::kProctime)
                .ToString(),
            "TIMESTAMP_LTZ(3) *PROCTIME*");
}

TEST(LogicalType, SameLayoutLooksAtBytesOnly) {
  EXPECT_TRUE(Parsed("ROW<`a` INT NOT NULL> NOT NULL").SameLayout(Parsed("ROW<`b` INT>")));
  EXPECT_FALSE(Parsed("ROW<`a` INT>").SameLayout(Parsed("ROW<`a` BIGINT>")));
  EXPECT_FALSE(Parsed("DECIMAL(5, 2)").SameLayout(Parsed("DECIMAL(5, 3)")));
  EXPECT_FALSE(Parsed("ROW<`a` INT>") == Parsed("ROW<`b` INT>"));
  const LogicalType time = LogicalType::Timestamp(3);
  EXPECT_TRUE(time.SameLayout(time.WithTimeAttribute(TimeAttribute::kRowtime)));
  EXPECT_FALSE(time == time.WithTimeAttribute(TimeAttribute::kRowtime));
}

TEST(LogicalType, TicksFollowPrecision) {
  EXPECT_EQ(LogicalType::Timestamp(3).TicksPerSecond(), 1'000);
  EXPECT_EQ(LogicalType::Timestamp(4).TicksPerSecond(), 1'000'000);
  EXPECT_EQ(LogicalType::Timestamp(7).TicksPerSecond(), 1'000'000'000);
}

}  // namespace
}  // namespace castor
