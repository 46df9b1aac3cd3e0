#include "operator/joining/inserts_only.h"

#include <algorithm>
#include <string>

namespace castor::joining {

Status CheckInsertsOnly(const Batch& batch, std::string_view name) {
  const RowKind* kinds = batch.kinds();
  if (kinds == nullptr || std::all_of(kinds, kinds + batch.num_rows, IsAccumulate)) {
    return Status::OK();
  }
  return Status::Internal(std::string(name) +
                          " got an update or delete; its inputs only take inserts");
}

}  // namespace castor::joining
