#include "operator/group_aggregate/accumulator_bundle.h"

#include <algorithm>
#include <numeric>

#include "state/record_io.h"

namespace castor::group_aggregate {
namespace {

// Blobs of records that belong to no state are freed by RecordIo when the bundle is cleared.
Status SetMemoryBlob(void*, state::Blob* blob, std::string_view bytes) {
  return state::RecordIo::SetBlob(blob, bytes);
}

}  // namespace

AccumulatorBundle::AccumulatorBundle(std::unique_ptr<aggregate::AggregateSet> set,
                                     state::KeyEncoder keys)
    : set_(std::move(set)), key_encoder_(std::move(keys)) {
  table_ = std::make_unique<state::RecordTable>(&pool_, set_->layout().fixed_size);
  set_->BindBlobs({nullptr, SetMemoryBlob});
}

AccumulatorBundle::~AccumulatorBundle() { Clear(); }

void AccumulatorBundle::FindRecords(const Batch& batch) {
  const auto count = static_cast<size_t>(batch.num_rows);
  key_encoder_.Encode(batch, &row_keys_);
  if (rows_.size() < count) {
    rows_.resize(count);
    std::iota(rows_.begin(), rows_.end(), 0);
  }
  row_records_.resize(count);
  created_.assign(count, 0);
  // As large as the last bundle, the table need not grow again.
  if (table_->empty()) table_->Reserve(last_size_);
  table_->Lookup(row_keys_, {rows_.data(), count}, state::AccessMode::kFindOrCreate,
                 row_records_.data(), created_.data());
  for (size_t i = 0; i < count; ++i) {
    if (created_[i] != 0) records_.push_back(row_records_[i]);
  }
}

Status AccumulatorBundle::Accumulate(const Batch& batch) {
  FindRecords(batch);
  aggregate::RowUpdates updates;
  updates.records = row_records_.data();
  if (const RowKind* kinds = batch.kinds()) {
    ops_.resize(row_records_.size());
    for (size_t i = 0; i < ops_.size(); ++i) {
      ops_[i] = IsAccumulate(kinds[i]) ? aggregate::RowOp::kAdd : aggregate::RowOp::kRetract;
    }
    updates.ops = ops_.data();
  }
  // Maps in memory are never pending.
  return set_->Accumulate(batch, updates).status();
}

Result<state::Readiness> AccumulatorBundle::Merge(const Batch& batch, size_t first,
                                                  const state::KeyBatch* map_keys) {
  FindRecords(batch);
  aggregate::RowUpdates updates;
  updates.records = row_records_.data();
  updates.keys = map_keys;
  return set_->Merge(batch.columns, first, batch.num_rows, updates);
}

const state::KeyBatch& AccumulatorBundle::Keys() {
  EncodedRows& rows = keys_.rows;
  rows.count = static_cast<int32_t>(records_.size());
  rows.fixed_width = 0;
  rows.bytes.clear();
  rows.offsets.assign(1, 0);
  keys_.hashes.clear();
  for (const std::byte* record : records_) {
    const std::string_view key = table_->KeyOf(record);
    rows.bytes.insert(rows.bytes.end(), key.begin(), key.end());
    rows.offsets.push_back(static_cast<uint32_t>(rows.bytes.size()));
    keys_.hashes.push_back(state::RecordTable::HashOf(record));
  }
  return keys_;
}

Batch AccumulatorBundle::Columns() {
  std::vector<ColumnPtr> columns = KeyColumns();
  for (ColumnPtr& column : Accumulators()) columns.push_back(std::move(column));
  return Batch(static_cast<int32_t>(records_.size()), std::move(columns));
}

std::vector<ColumnPtr> AccumulatorBundle::KeyColumns() {
  std::vector<const char*> keys(records_.size());
  std::transform(records_.begin(), records_.end(), keys.begin(),
                 [&](const std::byte* record) { return table_->KeyOf(record).data(); });
  return key_encoder_.codec().Decode(keys);
}

std::vector<ColumnPtr> AccumulatorBundle::Accumulators() {
  return set_->Accumulators(records_.data(), static_cast<int32_t>(records_.size()));
}

void AccumulatorBundle::Clear() {
  if (records_.empty()) return;
  set_->ClearMemoryMaps();
  if (set_->has_blobs()) {
    const state::RecordIo io(set_->layout());
    for (std::byte* record : records_) io.Reset(record);
  }
  // Bundles of a stream are alike: the next one takes the memory of this one.
  last_size_ = static_cast<int64_t>(records_.size());
  pool_.KeepIdle(pool_.used_bytes());
  records_.clear();
  table_ = std::make_unique<state::RecordTable>(&pool_, set_->layout().fixed_size);
}

}  // namespace castor::group_aggregate
