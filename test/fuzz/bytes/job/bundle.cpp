// A job bundle.
#include "plan/bundle.h"

#include "plan/test_bundle.h"
#include "test/fuzz/bytes/job/json_mutation.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace plan::test;

std::vector<std::string> Seeds() {
  const std::string both =
      NodeJson(3, "stream-exec-union_1", "", "ROW<`a` INT NOT NULL, `b` CHAR(1) NOT NULL>", 2);
  return {
      BundleJson(ValuesJson(1) + "," + both, EdgeJson(1, 3) + "," + EdgeJson(1, 3)),
      BundleJson(ValuesJson(1), "",
                 R"("collect":{"nodeId":3,"columns":[{"name":"n","dataType":"BIGINT NOT NULL"}],)"
                 R"("changelogMode":["INSERT"],"insertOnly":false,"upsertKey":[0]},)")};
}

bool Read(std::string_view json) { return plan::ReadBundle(json).ok(); }

const Registered kBundle({"bundle", Seeds, Read, MutateJson});

}  // namespace
}  // namespace castor::fuzz
