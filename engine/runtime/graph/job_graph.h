// What runs: vertices (chains of plan nodes, one subtask per degree of parallelism) and the edges
// between them.
//
// Made from a plan::Graph as Flink makes its job graph from ExecNodes. Exchange and union nodes
// dissolve into edges. A node joins its input's chain when it has one producer, reached by a
// forward edge, at the same parallelism, and is that producer's only consumer. Immutable once
// built; refers to the plan, which must outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "plan/bundle.h"
#include "plan/nodes/scan.h"

namespace castor::runtime {

enum class Routing : uint8_t {
  kForward,    // subtask i to subtask i
  kHash,       // by key group of `keys`
  kBroadcast,  // to all
  kRebalance,  // round robin by the batch; also "to the only one"
};

struct JobEdge {
  int from = 0;  // vertices
  int to = 0;
  int to_input = 0;
  Routing routing = Routing::kForward;
  std::vector<int32_t> keys;  // of kHash: fields of the row that flows
};

struct JobVertex {
  int id = 0;
  int32_t parallelism = 1;
  std::vector<const plan::Node*>
      nodes;  // the chain; a scan can only be the first, a sink only the last
  std::vector<int> in_edges;
  std::vector<int> out_edges;
  int inputs = 0;  // of the first node

  const plan::TableSourceScan* scan() const;
  const plan::Sink* sink() const;
  // What leaves the last node.
  const LogicalType& output_type() const { return nodes.back()->output_type; }
  std::string Name() const;
};

struct JobGraph {
  std::vector<JobVertex> vertices;  // producers before consumers
  std::vector<JobEdge> edges;
};

struct GraphOptions {
  int32_t parallelism = 1;
  std::string sink_keyed_shuffle = "AUTO";      // table.exec.sink.keyed-shuffle
  std::map<int32_t, int32_t> node_parallelism;  // scan.parallelism and sink.parallelism by node id
  // Sinks that are one writer by their nature (the rows of a SELECT), not because an option says
  // so: whatever comes is brought together.
  std::set<int32_t> collecting_sinks;
};

Result<JobGraph> BuildJobGraph(const plan::Graph& plan, const GraphOptions& options);

// The row types that arrive at a node's inputs: what a factory is told.
std::vector<LogicalType> InputTypes(const plan::Graph& plan, const plan::Node& node);

}  // namespace castor::runtime
