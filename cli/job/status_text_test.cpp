#include "cli/job/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace castor::cli {
namespace {

using testing::HasSubstr;

// The form of spec/worker-control.md.
constexpr const char* kAnswer = R"json({"ok":true,"status":{"id":"x","name":"top","pid":1,
"state":"RUNNING","startedAt":1000000,"now":1010000,"restarts":0,"recordsIn":20000,
"recordsOut":100,"checkpoints":{"completed":2,"failed":0,"inProgress":0,"lastDurationMs":18,
"lastSizeBytes":2048,"lastPath":"/c/chk-2"},"stateBytes":3145728,
"memory":{"usedBytes":4194304,"limitBytes":null,"stateBytes":0,"bufferBytes":0},
"operators":[{"node":1,"name":"Scan(t)","watermark":1009000,"busyMsPerSecond":100},
{"node":2,"name":"Agg(k)","watermark":1005800,"busyMsPerSecond":455,"lateRecordsDropped":3},
{"node":3,"name":"Sink","watermark":null}]}})json";

JobStatus Example() { return *ReadStatusAnswer(kAnswer); }

TEST(StatusTextTest, PlainLineSaysIt) {
  EXPECT_EQ(PlainLine(Example(), RatesBetween(std::nullopt, Example())),
            "top running 10.0 s: 20,000 rows in (2.0k/s), 100 out (10/s), watermark "
            "1970-01-01 00:16:45 (lag 4.2 s), checkpoint 2, 18 ms, 2.0 KB, state 3.0 MB, "
            "busiest Agg 46%, 3 late rows dropped");
}

TEST(StatusTextTest, ACheckpointThatSharesFilesTellsBothSizes) {
  JobStatus status = Example();
  status.checkpoint_full_bytes = 3 << 20;
  EXPECT_THAT(PlainLine(status, {}), HasSubstr("checkpoint 2, 18 ms, 2.0 KB of 3.0 MB, state"));
}

TEST(StatusTextTest, RatesAreThoseOfTheInterval) {
  JobStatus before = Example();
  before.now_ms -= 2000;
  before.records_in -= 3000;
  before.records_out += 5;  // a restart begins to count anew
  const Rates rates = RatesBetween(before, Example());
  EXPECT_EQ(rates.in, 1500);
  EXPECT_EQ(rates.out, 0);
}

TEST(StatusTextTest, LiveLinesFitATerminal) {
  for (const std::string& line :
       LiveLines(Example(), {.in = 2000, .out = 10}, {}, "a hint", Style(false))) {
    EXPECT_LE(DisplayWidth(line), 80U) << line;
  }
}

TEST(StatusTextTest, TheEndOfInput) {
  JobStatus status = *ReadStatusAnswer(
      R"({"ok":true,"status":{"checkpoints":{},"memory":{"limitBytes":1},"operators":[
          {"name":"Scan","watermark":"end"}]}})");
  EXPECT_TRUE(status.input_ended);
  EXPECT_EQ(status.busiest(), nullptr);
  EXPECT_THAT(SummaryLine(status, "finished", Style(false)), HasSubstr("0 rows in"));
}

TEST(StatusTextTest, DefaultsGoWithoutSaying) {
  EXPECT_EQ(WithoutDefaults("Scan(table=[[default_catalog, default_database, t]]) of "
                            "`default_catalog`.`default_database`.`t` and c.default_database.u"),
            "Scan(table=[[t]]) of `t` and c.default_database.u");
}

TEST(StatusTextTest, ErrorsAreTheWorkers) {
  const auto status =
      ReadStatusAnswer(R"({"ok":false,"error":{"code":"not found","message":"no such thing"}})");
  EXPECT_EQ(status.status().message(), "no such thing");
  EXPECT_EQ(ReadPathAnswer("garbage").status().code(), StatusCode::kInternal);
  EXPECT_EQ(*ReadPathAnswer(R"({"ok":true,"path":"/s"})"), "/s");
}

}  // namespace
}  // namespace castor::cli
