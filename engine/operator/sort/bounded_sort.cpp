#include "operator/sort/bounded_sort.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace castor {
namespace {

using state::Readiness;

// The user key of a row: its bytes, its sort key, and the size of the former.
std::string EntryOf(std::string_view row, std::string_view sort_key) {
  std::string entry(row);
  entry.append(sort_key);
  const auto size = static_cast<uint32_t>(row.size());
  entry.append(reinterpret_cast<const char*>(&size), sizeof(size));
  return entry;
}

std::string_view SortKeyOf(std::string_view entry) {
  uint32_t size;
  std::memcpy(&size, entry.data() + entry.size() - sizeof(size), sizeof(size));
  return entry.substr(size, entry.size() - sizeof(size) - size);
}

}  // namespace

Status BoundedSort::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = "localBufferState";
  descriptor.layout.fixed_size = 16;
  descriptor.schema = row_encoder_.schema() + " with sort keys -> count";
  CASTOR_ASSIGN_OR_RETURN(rows_, context.state().OpenMap(descriptor));
  const state::KeyEncoder keys(LogicalType::Row({}, false), {});
  keys.Encode(Batch(1, {}), &key_);
  return Status::OK();
}

Result<Progress> BoundedSort::Process(int, Batch batch, Output&) {
  batch_ = std::move(batch);
  row_encoder_.Encode(batch_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  entries_.clear();
  entry_views_.clear();
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    entries_.push_back(EntryOf(row_encoder_.row(row), sort_keys_.row(row)));
  }
  for (const std::string& entry : entries_) entry_views_.push_back(entry);
  return Add();
}

Result<Progress> BoundedSort::Continue(Output& out) {
  return batch_.num_rows > 0 ? Add() : EmitSorted(out);
}

Result<Progress> BoundedSort::Add() {
  const std::vector<int32_t> key_rows(entries_.size(), 0);
  records_.resize(entries_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      rows_->Acquire(key_, key_rows, entry_views_, state::AccessMode::kFindOrCreate,
                     records_.data(), nullptr));
  if (readiness == Readiness::kPending) return Progress::kPending;
  std::vector<int32_t> gone;
  const Status counted = Count(&gone);
  rows_->Release();
  CASTOR_RETURN_NOT_OK(counted);
  if (!gone.empty()) {
    std::vector<std::string_view> gone_entries;
    for (const int32_t row : gone) gone_entries.push_back(entry_views_[static_cast<size_t>(row)]);
    rows_->Erase(key_, {key_rows.data(), gone.size()}, gone_entries);
  }
  batch_ = Batch();
  return Progress::kDone;
}

Status BoundedSort::Count(std::vector<int32_t>* gone) {
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    auto& count = *reinterpret_cast<int64_t*>(records_[static_cast<size_t>(row)]);
    if (IsAccumulate(batch_.kind(row))) {
      ++count;
    } else if (count-- == 0) {
      return Status::DataError("a row is taken back from a sort that does not hold it");
    }
  }
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    if (*reinterpret_cast<const int64_t*>(records_[static_cast<size_t>(row)]) == 0) {
      gone->push_back(row);
    }
  }
  return Status::OK();
}

Result<Progress> BoundedSort::EndInput(int, Output& out) { return EmitSorted(out); }

Result<Readiness> BoundedSort::Collect() {
  CASTOR_ASSIGN_OR_RETURN(const Readiness walked,
                          walk_.Run(rows_, key_, 0, [this](const state::Record& entry) {
                            sorted_.push_back({SortKeyOf(entry.key), entry.key.data(),
                                               *reinterpret_cast<const int64_t*>(entry.data)});
                          }));
  if (walked == Readiness::kPending) return walked;
  std::stable_sort(sorted_.begin(), sorted_.end(),
                   [](const SortedRow& a, const SortedRow& b) { return a.sort_key < b.sort_key; });
  return walked;
}

Result<Progress> BoundedSort::EmitSorted(Output& out) {
  if (!collected_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Collect());
    if (readiness == Readiness::kPending) return Progress::kPending;
    collected_ = true;
  }
  const auto batch_rows = static_cast<size_t>(context_->batch_rows());
  std::vector<const char*> rows;
  while (next_ < sorted_.size()) {
    if (out.Full()) return Progress::kOutputFull;
    rows.clear();
    while (next_ < sorted_.size() && rows.size() < batch_rows) {
      rows.push_back(sorted_[next_].row);
      if (++repetition_ < sorted_[next_].count) continue;
      repetition_ = 0;
      ++next_;
    }
    out.Emit(Batch(static_cast<int32_t>(rows.size()), row_encoder_.Decode(rows)));
  }
  return Progress::kDone;
}

}  // namespace castor
