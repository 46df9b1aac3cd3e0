#include "operator/bundle/mini_batch.h"

#include <algorithm>
#include <string>
#include <vector>

#include "column/gather.h"

namespace castor::bundle {
namespace {

constexpr const char* kEnabled = "table.exec.mini-batch.enabled";
constexpr const char* kSize = "table.exec.mini-batch.size";

}  // namespace

Result<int64_t> MiniBatchRows(const plan::Node& node, const plan::Bundle& bundle) {
  Configuration configuration = bundle.configuration;
  for (const auto& [key, value] : node.configuration) configuration.Set(key, value);
  CASTOR_ASSIGN_OR_RETURN(const bool enabled, configuration.GetBool(kEnabled, false));
  if (!enabled) return int64_t{0};
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, configuration.GetInt(kSize, -1));
  if (size <= 0) {
    return Status::InvalidArgument(std::string(kSize) + " must be > 0 when " + kEnabled +
                                   " is true, but is " + std::to_string(size));
  }
  return size;
}

Result<int64_t> RequiredMiniBatchRows(const plan::Node& node, const plan::Bundle& bundle) {
  CASTOR_ASSIGN_OR_RETURN(const int64_t rows, MiniBatchRows(node, bundle));
  if (rows > 0) return rows;
  return Status::InvalidArgument("aggregation in several phases works in mini-batches only: set " +
                                 std::string(kEnabled));
}

Batch JoinBatches(std::span<const Batch> parts, std::span<const int32_t> used) {
  if (parts.size() == 1) return parts[0];
  int32_t rows = 0;
  bool changes = false;
  for (const Batch& part : parts) {
    rows += part.num_rows;
    changes |= part.row_kinds != nullptr;
  }
  Batch joined(rows, std::vector<ColumnPtr>(parts[0].columns.size()));
  std::vector<ColumnPtr> pieces(parts.size());
  for (const int32_t field : used) {
    const auto at = static_cast<size_t>(field);
    for (size_t i = 0; i < parts.size(); ++i) pieces[i] = parts[i].columns[at];
    joined.columns[at] = Concat(pieces);
  }
  if (!changes) return joined;
  joined.row_kinds = Buffer::Allocate(static_cast<size_t>(rows));
  uint8_t* next = joined.row_kinds->data();
  for (const Batch& part : parts) {
    if (part.row_kinds != nullptr) {
      next = std::copy_n(part.row_kinds->data(), part.num_rows, next);
    } else {
      next = std::fill_n(next, part.num_rows, static_cast<uint8_t>(RowKind::kInsert));
    }
  }
  return joined;
}

}  // namespace castor::bundle
