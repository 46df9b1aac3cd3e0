#include "operator/window_aggregate/slice_merge.h"

#include <utility>

namespace castor::window_aggregate {

using state::Readiness;

Status SliceMerge::Begin(std::vector<TimestampMs> slices, TimestampMs first) {
  slices_ = std::move(slices);
  first_ = first;
  next_ = 0;
  cursor_ = 0;
  return merger_ == nullptr ? Status::OK() : merger_->Clear();
}

Result<Readiness> SliceMerge::Run() {
  for (; next_ < slices_.size(); ++next_, cursor_ = 0) {
    while (step_ != Step::kScan || cursor_ != state::KeyEntries::kEndOfEntries) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, MergePage());
      if (readiness == Readiness::kPending) return readiness;
    }
    if (merger_ == nullptr) state_->Drop(slices_[next_]);
  }
  return Readiness::kReady;
}

Result<Readiness> SliceMerge::MergePage() {
  const TimestampMs slice = slices_[next_];
  Readiness readiness = Readiness::kReady;
  if (step_ == Step::kScan) {
    CASTOR_ASSIGN_OR_RETURN(readiness, state_->Scan(slice, state::AccessMode::kRead, &cursor_,
                                                    kPageRecords, &page_.records));
    if (readiness == Readiness::kPending) return readiness;
    aggregates_->uses_maps() ? page_.FindMapKeys(slice) : page_.FindKeys();
    page_records_.clear();
    for (const state::Record& record : page_.records) page_records_.push_back(record.data);
    step_ = Step::kComplete;
  }
  if (step_ == Step::kComplete) {
    if (aggregates_->uses_maps()) {
      aggregate::RowUpdates updates;
      updates.records = page_records_.data();
      updates.keys = &page_.map_keys;
      CASTOR_ASSIGN_OR_RETURN(readiness, aggregates_->CompleteAccumulators(
                                             updates, page_.keys.count(), &accumulators_));
      if (readiness == Readiness::kPending) return readiness;
    }
    if (merger_ != nullptr) {
      CASTOR_RETURN_NOT_OK(MergeIntoMemory());
      step_ = Step::kScan;
      return readiness;
    }
    if (aggregates_->uses_maps()) page_.ClearMaps(aggregates_);
    first_slices_.assign(page_.records.size(), first_);
    NameWindows(page_.keys, first_slices_, &first_keys_);
    step_ = Step::kFindFirst;
  }
  if (step_ == Step::kFindFirst) {
    first_records_.resize(page_.records.size());
    CASTOR_ASSIGN_OR_RETURN(
        readiness, state_->Acquire(first_slices_, page_.keys, state::AccessMode::kFindOrCreate,
                                   first_records_.data(), nullptr));
    if (readiness == Readiness::kPending) return readiness;
    step_ = Step::kMerge;
  }
  if (step_ == Step::kMerge) {
    CASTOR_ASSIGN_OR_RETURN(readiness, MergeIntoFirst());
    if (readiness == Readiness::kPending) return readiness;
    state_->Release();
    step_ = Step::kScan;
  }
  return readiness;
}

Status SliceMerge::MergeIntoMemory() {
  return aggregates_->uses_maps() ? merger_->MergeComplete(page_.keys, accumulators_)
                                  : merger_->Merge(page_.keys, page_.records);
}

Result<Readiness> SliceMerge::MergeIntoFirst() {
  if (!aggregates_->uses_maps()) {
    CASTOR_RETURN_NOT_OK(
        aggregates_->MergeRecords(first_records_.data(), page_records_.data(), page_.keys.count()));
    return Readiness::kReady;
  }
  aggregate::RowUpdates updates;
  updates.records = first_records_.data();
  updates.keys = &first_keys_;
  return aggregates_->Merge(accumulators_, 0, page_.keys.count(), updates);
}

}  // namespace castor::window_aggregate
