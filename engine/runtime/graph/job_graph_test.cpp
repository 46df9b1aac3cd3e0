#include "runtime/graph/job_graph.h"

#include <gtest/gtest.h>

namespace castor::runtime {
namespace {

// Plans made of a scan, sinks and nodes "a", "b" ...; ids are positions from 1.
class PlanMaker {
 public:
  int32_t Scan() { return Add(std::make_unique<plan::TableSourceScan>(), "scan", {}); }
  int32_t Values() { return Add(std::make_unique<plan::Node>(), "values", {}); }
  int32_t Op(std::string name, std::vector<int32_t> inputs) {
    return Add(std::make_unique<plan::Node>(), std::move(name), std::move(inputs));
  }
  int32_t Union(std::vector<int32_t> inputs) {
    return Add(std::make_unique<plan::Node>(), "stream-exec-union", std::move(inputs));
  }
  int32_t Exchange(int32_t input, plan::Distribution distribution) {
    auto node = std::make_unique<plan::Node>();
    node->required_distributions = {std::move(distribution)};
    return Add(std::move(node), "stream-exec-exchange", {input});
  }
  int32_t Hash(int32_t input) { return Exchange(input, {plan::Distribution::Kind::kHash, {0}}); }
  int32_t Single(int32_t input) {
    return Exchange(input, {plan::Distribution::Kind::kSingleton, {}});
  }
  plan::Sink* Sink(int32_t input) {
    auto node = std::make_unique<plan::Sink>();
    plan::Sink* sink = node.get();
    sink->input_changelog_mode = {"INSERT"};
    Add(std::move(node), "stream-exec-sink", {input});
    return sink;
  }

  JobGraph Build(GraphOptions options = {}) {
    if (options.parallelism == 1) options.parallelism = 4;
    auto graph = BuildJobGraph(plan_, options);
    EXPECT_TRUE(graph.ok()) << graph.status().ToString();
    return graph.ok() ? std::move(*graph) : JobGraph{};
  }
  const plan::Graph& plan() const { return plan_; }

 private:
  int32_t Add(plan::NodePtr node, std::string type, std::vector<int32_t> inputs) {
    node->id = static_cast<int32_t>(plan_.nodes.size()) + 1;
    node->type = std::move(type);
    node->description = node->type;
    node->inputs = std::move(inputs);
    plan_.nodes.push_back(std::move(node));
    return plan_.nodes.back()->id;
  }
  plan::Graph plan_;
};

TEST(JobGraph, ForwardNodesFormOneChain) {
  PlanMaker plan;
  plan.Sink(plan.Op("calc", {plan.Scan()}));
  const JobGraph graph = plan.Build();
  ASSERT_EQ(graph.vertices.size(), 1u);
  EXPECT_EQ(graph.vertices[0].Name(), "scan -> calc -> stream-exec-sink");
  EXPECT_EQ(graph.vertices[0].parallelism, 4);
}

TEST(JobGraph, ExchangesBecomeEdges) {
  PlanMaker plan;
  plan.Sink(plan.Op("agg", {plan.Hash(plan.Scan())}));
  const JobGraph graph = plan.Build();
  ASSERT_EQ(graph.vertices.size(), 2u);
  ASSERT_EQ(graph.edges.size(), 1u);
  EXPECT_EQ(graph.edges[0].routing, Routing::kHash);
  EXPECT_EQ(graph.edges[0].keys, std::vector<int32_t>{0});
  EXPECT_EQ(graph.vertices[1].Name(), "agg -> stream-exec-sink");
}

TEST(JobGraph, SingletonGivesOneSubtaskAndWhatFollowsInheritsThat) {
  PlanMaker plan;
  plan.Sink(plan.Op("calc", {plan.Op("global", {plan.Single(plan.Scan())})}));
  const JobGraph graph = plan.Build();
  ASSERT_EQ(graph.vertices.size(), 2u);
  EXPECT_EQ(graph.vertices[1].parallelism, 1);
  EXPECT_EQ(graph.vertices[1].nodes.size(), 3u);
  EXPECT_EQ(graph.edges[0].routing, Routing::kRebalance);
}

TEST(JobGraph, UnionsDissolveIntoSeveralEdgesOfOneInput) {
  PlanMaker plan;
  plan.Sink(plan.Op("agg", {plan.Hash(plan.Union({plan.Scan(), plan.Op("calc", {plan.Scan()})}))}));
  const JobGraph graph = plan.Build();
  ASSERT_EQ(graph.edges.size(), 2u);
  for (const JobEdge& edge : graph.edges) {
    EXPECT_EQ(edge.to_input, 0);
    EXPECT_EQ(edge.routing, Routing::kHash);
  }
}

TEST(JobGraph, ASharedProducerIsNotChained) {
  PlanMaker plan;
  const int32_t scan = plan.Scan();
  plan.Sink(scan);
  plan.Sink(plan.Op("calc", {scan}));
  const JobGraph graph = plan.Build();
  EXPECT_EQ(graph.vertices.size(), 3u);
  EXPECT_EQ(graph.vertices[0].out_edges.size(), 2u);
  EXPECT_EQ(graph.edges[0].routing, Routing::kForward);
}

TEST(JobGraph, ASelfJoinReadsItsProducerTwice) {
  PlanMaker plan;
  const int32_t scan = plan.Scan();
  plan.Sink(plan.Op("join", {plan.Hash(scan), plan.Hash(scan)}));
  const JobGraph graph = plan.Build();
  ASSERT_EQ(graph.edges.size(), 2u);
  EXPECT_EQ(graph.edges[0].to_input, 0);
  EXPECT_EQ(graph.edges[1].to_input, 1);
  EXPECT_EQ(graph.vertices[1].inputs, 2);
}

TEST(JobGraph, OtherParallelismBreaksTheChain) {
  PlanMaker plan;
  plan.Sink(plan.Op("calc", {plan.Values()}));  // VALUES has one subtask, what follows too
  plan::Sink* wide = plan.Sink(plan.Scan());
  GraphOptions options;
  options.node_parallelism[wide->id] = 2;
  const JobGraph graph = plan.Build(options);
  ASSERT_EQ(graph.vertices.size(), 3u);
  EXPECT_EQ(graph.vertices[0].parallelism, 1);
  EXPECT_EQ(graph.edges[0].routing, Routing::kRebalance);
}

// CommonExecSink.applyKeyBy.
TEST(JobGraph, SinksWithAKeyAreShuffledByItWhenFlinkDoes) {
  const auto routing = [](bool materialize, int32_t parallelism, const std::string& option) {
    PlanMaker plan;
    plan::Sink* sink = plan.Sink(plan.Op("agg", {plan.Hash(plan.Scan())}));
    for (const char* name : {"a", "b"}) sink->table.columns.emplace_back().name = name;
    sink->table.primary_key = {"b"};
    sink->input_changelog_mode = {"INSERT", "UPDATE_BEFORE", "UPDATE_AFTER"};
    sink->require_upsert_materialize = materialize;
    GraphOptions options;
    options.sink_keyed_shuffle = option;
    if (parallelism > 0) options.node_parallelism[sink->id] = parallelism;
    const JobGraph graph = plan.Build(options);
    if (graph.edges.size() == 1) return std::string("chained");
    const JobEdge& edge = graph.edges.back();
    if (edge.routing != Routing::kHash) return std::string("not by key");
    return "by " + std::to_string(edge.keys.at(0));
  };
  EXPECT_EQ(routing(false, 0, "AUTO"), "chained");
  EXPECT_EQ(routing(true, 0, "AUTO"), "by 1");
  EXPECT_EQ(routing(false, 2, "AUTO"), "by 1");
  EXPECT_EQ(routing(false, 1, "AUTO"), "not by key");
  EXPECT_EQ(routing(false, 0, "FORCE"), "by 1");
  EXPECT_EQ(routing(false, 2, "NONE"), "not by key");
}

TEST(JobGraph, UpdatesToASinkOfOtherParallelismNeedAKey) {
  PlanMaker plan;
  plan::Sink* sink = plan.Sink(plan.Scan());
  sink->table.identifier = "totals";
  sink->input_changelog_mode = {"INSERT", "DELETE"};
  GraphOptions options;
  options.parallelism = 4;
  options.node_parallelism[sink->id] = 2;
  const auto graph = BuildJobGraph(plan.plan(), options);
  EXPECT_EQ(graph.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(graph.status().message().find("totals"), std::string::npos);
}

// CollectDynamicSink has no parallelism of its own to be compared with that of its input.
TEST(JobGraph, WhatASelectShowsIsBroughtTogether) {
  PlanMaker plan;
  plan::Sink* sink = plan.Sink(plan.Op("agg", {plan.Hash(plan.Scan())}));
  sink->input_changelog_mode = {"INSERT", "UPDATE_AFTER"};
  GraphOptions options;
  options.parallelism = 4;
  options.node_parallelism[sink->id] = 1;
  options.collecting_sinks.insert(sink->id);
  const JobGraph graph = plan.Build(options);
  ASSERT_EQ(graph.edges.size(), 2u);
  EXPECT_EQ(graph.edges.back().routing, Routing::kRebalance);
}

// A union has the parallelism of its first branch, and so has the sink behind it.
TEST(JobGraph, ASinkBehindAUnionLooksAtTheFirstBranch) {
  PlanMaker plan;
  plan::Sink* sink = plan.Sink(plan.Union({plan.Scan(), plan.Values()}));
  sink->input_changelog_mode = {"INSERT", "DELETE"};
  const JobGraph graph = plan.Build();
  EXPECT_EQ(graph.vertices.back().parallelism, 4);
  EXPECT_EQ(graph.edges[0].routing, Routing::kForward);
  EXPECT_EQ(graph.edges[1].routing, Routing::kRebalance);
}

}  // namespace
}  // namespace castor::runtime
