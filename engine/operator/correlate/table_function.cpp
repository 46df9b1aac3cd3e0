#include "operator/correlate/table_function.h"

namespace castor::correlate {

Result<std::unique_ptr<TableFunction>> MakeTableFunction(const plan::Expression& call) {
  if (call.function == "REPLICATE_ROWS") return MakeReplicateRows(call);
  if (call.function == "UNNEST_ROWS") return MakeUnnest(call, /*with_ordinality=*/false);
  if (call.function == "UNNEST_ROWS_WITH_ORDINALITY") {
    return MakeUnnest(call, /*with_ordinality=*/true);
  }
  return Status::Unsupported("table function " + call.function_id + " is not supported");
}

}  // namespace castor::correlate
