#include "operator/window_aggregate/window_merger.h"

#include "state/key_list.h"

namespace castor::window_aggregate {
namespace {

Status SetOwnBlob(void*, state::Blob* blob, std::string_view bytes) {
  return state::RecordIo::SetBlob(blob, bytes);
}

}  // namespace

Result<std::unique_ptr<WindowMerger>> WindowMerger::Make(const aggregate::AggregateSpec& spec) {
  CASTOR_ASSIGN_OR_RETURN(auto aggregates, aggregate::AggregateSet::Compile(spec));
  aggregates->BindBlobs({nullptr, SetOwnBlob});
  std::unique_ptr<WindowMerger> merger(new WindowMerger(std::move(aggregates)));
  CASTOR_RETURN_NOT_OK(merger->Clear());
  return merger;
}

WindowMerger::WindowMerger(std::unique_ptr<aggregate::AggregateSet> aggregates)
    : aggregates_(std::move(aggregates)), io_(aggregates_->layout()) {}

Status WindowMerger::Clear() {
  ClearTable();
  if (!aggregates_->uses_maps()) return Status::OK();
  auto maps = state::MakeStore("window", {0, 0}, 1, Clock::System(), {});
  CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(*maps, 0));
  maps_ = std::move(maps);
  return Status::OK();
}

void WindowMerger::ClearTable() {
  if (table_ != nullptr && io_.has_blobs()) {
    uint64_t cursor = 0;
    while (std::byte* record = table_->Next(&cursor)) io_.Reset(record);
  }
  if (table_ != nullptr && !table_->empty()) last_size_ = table_->size();
  table_ = std::make_unique<state::RecordTable>(&pool_, io_.size());
}

void WindowMerger::FindRecords(const state::KeyBatch& keys) {
  // As large as for the last window, the table need not grow again.
  if (table_->empty()) table_->Reserve(last_size_);
  into_.resize(static_cast<size_t>(keys.count()));
  table_->Lookup(keys, state::AllRows(keys), state::AccessMode::kFindOrCreate, into_.data(),
                 nullptr);
}

Status WindowMerger::Merge(const state::KeyBatch& keys, const std::vector<state::Record>& records) {
  FindRecords(keys);
  from_.clear();
  for (const state::Record& record : records) from_.push_back(record.data);
  return aggregates_->MergeRecords(into_.data(), from_.data(), static_cast<int32_t>(into_.size()));
}

Status WindowMerger::MergeComplete(const state::KeyBatch& keys,
                                   const std::vector<ColumnPtr>& accumulators) {
  FindRecords(keys);
  aggregate::RowUpdates updates;
  updates.records = into_.data();
  updates.keys = &keys;
  // Maps in memory are never pending.
  return aggregates_->Merge(accumulators, 0, keys.count(), updates).status();
}

void WindowMerger::Scan(uint64_t* cursor, size_t max_records,
                        std::vector<state::Record>* page) const {
  page->clear();
  while (page->size() < max_records) {
    std::byte* record = table_->Next(cursor);
    if (record == nullptr) {
      *cursor = state::KeyEntries::kEndOfEntries;
      return;
    }
    page->push_back({table_->KeyOf(record), record});
  }
}

}  // namespace castor::window_aggregate
