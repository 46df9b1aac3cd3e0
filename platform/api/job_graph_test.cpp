#include "platform/api/job_graph.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

// Two scans, brought together, counted by key.
constexpr const char* kBundle = R"json({
  "operators": [
    {"nodeId": 1, "uid": "scan:a", "stateful": true}, {"nodeId": 2, "uid": "scan:b", "stateful": true},
    {"nodeId": 3, "uid": "union"}, {"nodeId": 4, "uid": "exchange"},
    {"nodeId": 5, "uid": "count", "stateful": true}, {"nodeId": 6, "uid": "sink"}],
  "plan": {
    "nodes": [
      {"id": "1", "type": "stream-exec-table-source-scan_2", "description": "TableSourceScan(table=[a])"},
      {"id": "2", "type": "stream-exec-table-source-scan_2", "description": "TableSourceScan(table=[b])"},
      {"id": "3", "type": "stream-exec-union_1", "description": "Union(all=[true])"},
      {"id": "4", "type": "stream-exec-exchange_1", "description": "Exchange(distribution=[hash[k]])",
       "inputProperties": [{"requiredDistribution": {"type": "HASH", "keys": [0]}}]},
      {"id": "5", "type": "stream-exec-group-aggregate_1", "description": "GroupAggregate(groupBy=[k])"},
      {"id": "6", "type": "stream-exec-sink_2", "description": "Sink(table=[c])"}],
    "edges": [{"source": 1, "target": 3}, {"source": 2, "target": 3}, {"source": 3, "target": 4},
              {"source": 4, "target": 5}, {"source": 5, "target": 6}]}})json";

TEST(JobGraphTest, ExchangesAndUnionsAreWays) {
  const Json graph = *GraphOf(kBundle);
  ASSERT_EQ(graph["vertices"].size(), 4U);
  const Json count = {{"id", "5"},
                      {"name", "GroupAggregate"},
                      {"description", "GroupAggregate(groupBy=[k])"},
                      {"type", "group-aggregate"},
                      {"uid", "count"},
                      {"stateful", true}};
  EXPECT_EQ(graph["vertices"][2], count);
  const auto edge = [](const char* source, const char* target, const char* strategy) {
    return Json{{"source", source}, {"target", target}, {"shipStrategy", strategy}};
  };
  EXPECT_EQ(graph["edges"],
            (Json{edge("1", "5", "HASH"), edge("2", "5", "HASH"), edge("5", "6", "FORWARD")}));
}

TEST(JobGraphTest, AChainHasTheTimesOfItsFirst) {
  cli::JobStatus before, now;
  for (const int64_t node : {1, 5, 6}) {
    cli::OperatorStatus op;
    op.node = node;
    op.subtasks = 2;
    if (node != 6) op.busy_ms_per_second = 100 * node;
    before.operators.push_back(op);
    op.records_in = 30;
    now.operators.push_back(op);
  }
  now.now_ms = 3'000;
  now.operators[1].watermark_ms = 12;
  const Json status = VerticesStatus(
      *GraphOf(kBundle), {"n", "d", "name", "j", std::make_shared<const cli::JobStatus>(now),
                          std::make_shared<const cli::JobStatus>(before)});
  ASSERT_EQ(status.size(), 3U);  // the other scan has said nothing
  EXPECT_EQ(status[1]["chain"], "5");
  EXPECT_EQ(status[1]["parallelism"], 2);
  EXPECT_EQ(status[1]["watermark"], 12);
  EXPECT_EQ(status[1]["metrics"]["busyTimeMsPerSecond"], 500.0);
  EXPECT_EQ(status[1]["metrics"]["numRecordsInPerSecond"], 10.0);
  EXPECT_EQ(status[2]["chain"], "5");
  EXPECT_FALSE(status[2]["metrics"].contains("busyTimeMsPerSecond"));
}

TEST(JobGraphTest, WhatIsNoPlanIsRefused) {
  EXPECT_EQ(GraphOf("{}").status().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace castor::platform
