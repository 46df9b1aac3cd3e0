#include "operator/group_aggregate/mini_batch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "column/gather.h"

namespace castor::group_aggregate {
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

void BundleBuffer::Add(Batch batch) {
  int32_t from = 0;
  while (from < batch.num_rows) {
    const auto count =
        static_cast<int32_t>(std::min<int64_t>(rows_ - part_rows_, int64_t{batch.num_rows} - from));
    const bool whole = count == batch.num_rows;
    parts_.push_back(whole ? std::move(batch) : batch.Slice(from, count));
    part_rows_ += count;
    if (part_rows_ == rows_) Close();
    if (whole) return;
    from += count;
  }
}

void BundleBuffer::Close() {
  if (parts_.empty()) return;
  bundles_.push_back(parts_.size() == 1 ? std::move(parts_[0]) : Join());
  parts_.clear();
  part_rows_ = 0;
}

Batch BundleBuffer::TakeBundle() {
  Batch bundle = std::move(bundles_.front());
  bundles_.pop_front();
  return bundle;
}

Batch BundleBuffer::Join() const {
  Batch joined(static_cast<int32_t>(part_rows_), std::vector<ColumnPtr>(parts_[0].columns.size()));
  std::vector<ColumnPtr> pieces(parts_.size());
  for (const int32_t field : used_) {
    const auto at = static_cast<size_t>(field);
    for (size_t i = 0; i < parts_.size(); ++i) pieces[i] = parts_[i].columns[at];
    joined.columns[at] = Concat(pieces);
  }
  const bool kinds = std::any_of(parts_.begin(), parts_.end(),
                                 [](const Batch& part) { return part.row_kinds != nullptr; });
  if (!kinds) return joined;
  joined.row_kinds = Buffer::Allocate(static_cast<size_t>(part_rows_));
  uint8_t* next = joined.row_kinds->data();
  for (const Batch& part : parts_) {
    const auto rows = static_cast<size_t>(part.num_rows);
    if (part.row_kinds != nullptr) {
      std::copy_n(part.row_kinds->data(), rows, next);
    } else {
      std::fill_n(next, rows, static_cast<uint8_t>(RowKind::kInsert));
    }
    next += rows;
  }
  return joined;
}

}  // namespace castor::group_aggregate
