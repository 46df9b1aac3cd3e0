// The compiled plan itself: nodes and edges (JsonPlanGraph).
#pragma once

#include <map>
#include <string>

#include "plan/json_reader.h"
#include "plan/node.h"
#include "plan/table.h"

namespace castor::plan {

// What the bundle adds to a node of the plan.
struct NodeIdentity {
  std::string uid;
  std::vector<std::string> aliases;
  bool insert_only = false;
  std::string fingerprint;
  SourcePosition position;
};

Graph ReadGraph(const JsonValue& plan, const std::map<std::string, Table>& tables,
                const std::map<int32_t, NodeIdentity>& identities);

}  // namespace castor::plan
