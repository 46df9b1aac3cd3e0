// Nodes of a compiled plan (Flink's ExecNodeGraph in JSON), as plain structs: what is to be done.
// One struct per node type in nodes/; operators say how.
//
// A Graph is read once, then immutable and safe to share. Unknown node types, versions and
// fields are refused by name, with the place of the statement in the SQL script when the bundle
// tells it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"
#include "column/logical_type.h"
#include "plan/source_position.h"

namespace castor::plan {

// InputProperty.RequiredDistribution of one input.
struct Distribution {
  enum class Kind : uint8_t { kAny, kHash, kSingleton, kBroadcast, kKeepInputAsIs, kUnknown };
  Kind kind = Kind::kAny;
  std::vector<int32_t> keys;  // of kHash
};

// One entry of a stateful node's "state".
struct StateMetadata {
  int32_t index = 0;
  int64_t ttl_ms = 0;  // 0: kept for ever
  std::string name;
};

struct Node {
  virtual ~Node() = default;

  int32_t id = 0;
  std::string type;  // e.g. "stream-exec-calc"
  int32_t version = 1;
  std::vector<int32_t> inputs;                       // ids of the nodes it reads, in input order
  std::vector<Distribution> required_distributions;  // per input
  LogicalType output_type;                           // a ROW
  std::string description;
  std::map<std::string, std::string>
      configuration;  // the node's consumed options, as written in the plan
  std::vector<StateMetadata> states;

  // From the bundle: what identifies the node's state across edits of the script.
  std::string uid;
  std::vector<std::string> aliases;  // other ids by which a snapshot may know it
  bool insert_only = false;          // only +I comes out
  std::string fingerprint;           // of the state's layout; empty: no state
  SourcePosition position;

  // "Calc(select=[..]) at line 12" for messages.
  std::string Describe() const;
  // TTL of the state at `index`; 0 when there is none.
  int64_t StateTtlMs(int32_t index) const;
};
using NodePtr = std::unique_ptr<Node>;

struct Graph {
  std::vector<NodePtr> nodes;  // inputs before the nodes that read them
  const Node* Find(int32_t id) const;
  std::vector<const Node*> ConsumersOf(int32_t id) const;
};

}  // namespace castor::plan
