// Bundles for tests: the fixed parts around what a test is about.
#pragma once

#include <memory>
#include <string>

#include "plan/bundle.h"

namespace castor::plan::test {

// One node with the fields every node has. `own` are its own, each followed by a comma.
inline std::string NodeJson(int id, const std::string& type, const std::string& own,
                            const std::string& output_type, int inputs = 1) {
  std::string properties;
  for (int i = 0; i < inputs; ++i) {
    if (i > 0) properties += ",";
    properties +=
        R"({"requiredDistribution":{"type":"UNKNOWN"},"damBehavior":"PIPELINED","priority":0})";
  }
  return R"({"id":)" + std::to_string(id) + R"(,"type":")" + type + R"(",)" + own +
         R"("inputProperties":[)" + properties + R"(],"outputType":")" + output_type +
         R"(","description":"Node)" + std::to_string(id) + R"x((...)"})x";
}

inline std::string EdgeJson(int source, int target) {
  return R"({"source":)" + std::to_string(source) + R"(,"target":)" + std::to_string(target) +
         R"(,"shuffle":{"type":"FORWARD"},"shuffleMode":"PIPELINED"})";
}

inline std::string ValuesJson(int id) {
  return NodeJson(id, "stream-exec-values_1",
                  R"("tuples":[[{"kind":"LITERAL","value":1,"type":"INT NOT NULL"},)"
                  R"({"kind":"LITERAL","value":"x","type":"CHAR(1) NOT NULL"}]],)",
                  "ROW<`a` INT NOT NULL, `b` CHAR(1) NOT NULL>", 0);
}

inline std::string BundleJson(const std::string& nodes, const std::string& edges,
                              const std::string& more = "") {
  return R"({"castorBundle":1,"flinkVersion":"2.3.0","name":"job","cacheable":true,)"
         R"("configuration":{"parallelism.default":"2"},"userOptions":["parallelism.default"],)"
         R"("statements":[{"kind":"INSERT","line":12,"column":3,"endLine":14,"sql":"INSERT ...",)"
         R"("sinkNodeId":2}],"tables":{},)"
         R"("operators":[{"nodeId":1,"uid":"values:t","insertOnly":true,"stateful":false,"statements":[0]},)"
         R"({"nodeId":2,"uid":"calc:t","aliases":["calc:u"],"stateful":true,"fingerprint":"f00",)"
         R"("statements":[0]}],)" +
         more + R"("plan":{"flinkVersion":"2.3","nodes":[)" + nodes + R"(],"edges":[)" + edges +
         "]}}";
}

// No rows of six columns.
inline std::string WideJson(int id) {
  return NodeJson(id, "stream-exec-values_1", R"("tuples":[],)",
                  "ROW<`a` INT, `b` INT, `c` INT, `d` INT, `e` INT, `f` INT>", 0);
}

// A plan of one node over `inputs` (one or two) of six columns, with the id 2.
inline Result<std::unique_ptr<Bundle>> ReadOverWide(int inputs, const std::string& type,
                                                    const std::string& own,
                                                    const std::string& output_type) {
  std::string nodes = WideJson(1);
  std::string edges = EdgeJson(1, 2);
  if (inputs == 2) {
    nodes += "," + WideJson(3);
    edges += "," + EdgeJson(3, 2);
  }
  return ReadBundle(BundleJson(nodes + "," + NodeJson(2, type, own, output_type, inputs), edges));
}

// A plan of VALUES (a INT, b CHAR(1)) and one node reading it.
inline Result<std::unique_ptr<Bundle>> ReadOverValues(const std::string& type,
                                                      const std::string& own,
                                                      const std::string& output_type) {
  return ReadBundle(
      BundleJson(ValuesJson(1) + "," + NodeJson(2, type, own, output_type), EdgeJson(1, 2)));
}

}  // namespace castor::plan::test
