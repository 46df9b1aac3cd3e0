#include "flink/cluster/job_status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "flink/cluster/rest_client.h"

namespace castor::flink {
namespace {

using Json = nlohmann::json;

Json Details(const char* state, const char* of_task) {
  return {{"state", state}, {"vertices", {{{"status", "RUNNING"}}, {{"status", of_task}}}}};
}

TEST(JobStatusTest, RunsWhenAllOfItsTasksDo) {
  EXPECT_EQ(StateOf(Details("RUNNING", "RUNNING"), false), "RUNNING");
  EXPECT_EQ(StateOf(Details("RUNNING", "FINISHED"), false), "RUNNING");
  EXPECT_EQ(StateOf(Details("RUNNING", "SCHEDULED"), false), "CREATED");
  EXPECT_EQ(StateOf(Details("RUNNING", "INITIALIZING"), true), "RESTARTING");
  EXPECT_EQ(StateOf(Details("RESTARTING", "CANCELED"), true), "RESTARTING");
  EXPECT_EQ(StateOf(Details("INITIALIZING", "CREATED"), false), "CREATED");
  for (const char* end : {"FINISHED", "CANCELED", "FAILED"}) {
    EXPECT_EQ(StateOf(Details(end, "CANCELED"), true), end);
  }
}

TEST(JobStatusTest, CheckpointsHaveTheirPlaceAsAPath) {
  const Json said = {{"counts", {{"completed", 7}, {"failed", 1}, {"in_progress", 0}}},
                     {"latest",
                      {{"completed",
                        {{"end_to_end_duration", 105},
                         {"checkpointed_size", 10},
                         {"state_size", 20},
                         {"external_path", "file:/d/c/chk-7"}}}}}};
  const Json shown = CheckpointsOf(said);
  EXPECT_EQ(shown["completed"], 7);
  EXPECT_EQ(shown["failed"], 1);
  EXPECT_EQ(shown["lastFullSizeBytes"], 20);
  EXPECT_EQ(shown["lastPath"], "/d/c/chk-7");
  EXPECT_EQ(CheckpointsOf(nullptr)["completed"], 0);
}

TEST(JobStatusTest, RowsAreThoseOfSourcesAndSinks) {
  const Json names = {{{"id", "Source__a[1].numRecordsOut"}},
                      {{"id", "Source__a[1].split.1.numRecordsOut"}},
                      {{"id", "Sink__b.numRecordsIn"}},
                      {{"id", "Map.numRecordsOut"}}};
  const std::string ask = FiguresToAsk(names);
  EXPECT_TRUE(ask.ends_with(",Source__a%5B1%5D.numRecordsOut,Sink__b.numRecordsIn")) << ask;
  const Rows rows = RowsOf({{{"id", "Source__a[1].numRecordsOut"}, {"sum", 12.0}},
                            {{"id", "Sink__b.numRecordsIn"}, {"sum", 5.0}},
                            {{"id", "Source__c.numRecordsOut"}, {"sum", "NaN"}},
                            {{"id", "numRecordsOut"}, {"sum", 99.0}}});
  EXPECT_EQ(rows.in, 12);
  EXPECT_EQ(rows.out, 5);
}

TEST(JobStatusTest, InputsAreNumbersOfVertices) {
  const Json details = {
      {"vertices", {{{"id", "a"}}, {{"id", "b"}}}},
      {"plan",
       {{"nodes",
         {{{"id", "b"}, {"inputs", {{{"id", "a"}, {"ship_strategy", "HASH"}}}}}, {{"id", "a"}}}}}}};
  EXPECT_EQ(InputsOf(details, "b"), Json::array({{{"node", 1}, {"shipStrategy", "HASH"}}}));
  EXPECT_EQ(InputsOf(details, "a"), Json::array());
}

TEST(JobStatusTest, WhatIsNotMeasuredIsLeftOut) {
  const Json vertex = {{"name", "Map"}, {"parallelism", 2}};
  const Json op = OperatorOf(3, vertex,
                             {{{"id", "numRecordsIn"}, {"sum", 4.0}},
                              {{"id", "busyTimeMsPerSecond"}, {"avg", "NaN"}, {"max", "NaN"}}});
  EXPECT_EQ(op["node"], 3);
  EXPECT_EQ(op["recordsIn"], 4);
  EXPECT_EQ(op["recordsOut"], 0);
  EXPECT_FALSE(op.contains("busyMsPerSecond"));
}

TEST(JobStatusTest, TheInnermostCauseIsTold) {
  EXPECT_EQ(RootCause("a.B: outer\n\tat x.y(Z.java:1)\nCaused by: c.D: inner\nsecond line\n\tat "
                      "x.y(Z.java:2)\n\t... 4 more\n"),
            "c.D: inner\nsecond line");
  EXPECT_EQ(RootCause("a.B: alone"), "a.B: alone");
  const Json said = {
      {"exceptionHistory", {{"entries", {{{"stacktrace", "a.B: x\n\tat y.z(W.java:1)"}}}}}}};
  EXPECT_EQ(FailureOf(said), "a.B: x");
  EXPECT_EQ(FailureOf(Json::object()), "");
}

}  // namespace
}  // namespace castor::flink
