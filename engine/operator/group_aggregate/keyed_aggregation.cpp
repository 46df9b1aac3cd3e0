#include "operator/group_aggregate/keyed_aggregation.h"

#include <array>

#include "column/gather.h"

namespace castor::group_aggregate {

using aggregate::RowOp;
using state::Readiness;

Status KeyedAggregation::Open(state::KeyedStateStore& store) {
  state::StateDescriptor descriptor;
  descriptor.name = "accState";
  descriptor.layout = set_->layout();
  descriptor.schema = set_->schema();
  descriptor.version = aggregate::AggregateSet::kVersion;
  descriptor.ttl_ms = options_.ttl_ms;
  CASTOR_ASSIGN_OR_RETURN(state_, store.OpenValue(descriptor));
  set_->BindBlobs(aggregate::BlobWriter::Of(state_));
  return set_->OpenMaps(store, options_.ttl_ms);
}

Result<Readiness> KeyedAggregation::Acquire(const state::KeyBatch& keys) {
  records_.resize(static_cast<size_t>(keys.count()));
  created_.resize(static_cast<size_t>(keys.count()));
  return state_->Acquire(keys, state::AccessMode::kFindOrCreate, records_.data(), created_.data());
}

Result<Readiness> KeyedAggregation::ProcessRows(const Batch& batch, const state::KeyBatch& keys,
                                                const std::vector<ColumnPtr>& key_columns,
                                                Batch* out) {
  const bool counted = options_.needs_retraction;
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    if (counted) {
      ops_.resize(records_.size());
      set_->CountRows(batch.kinds(), batch.num_rows, records_.data(), ops_.data());
    }
  }
  Changes changes;
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      set_->AccumulateEach(
          batch, {records_.data(), counted ? ops_.data() : nullptr, &keys, nullptr, counted},
          &changes.results));
  if (readiness == Readiness::kPending) return readiness;

  ListChangesOfRows();
  changes.keys = key_columns;
  changes.kinds = changes_;
  changes.may_be_unchanged = !options_.every_row_changes;
  *out = changelog_.Build(changes);
  if (counted) {
    for (size_t i = 0; i < records_.size(); ++i) {
      if (CountOf(records_[i]) == 0) gone_rows_.push_back(static_cast<int32_t>(i));
    }
  }
  Finish(keys);
  return Readiness::kReady;
}

void KeyedAggregation::ListChangesOfRows() {
  changes_.resize(records_.size());
  if (!options_.needs_retraction) {
    for (size_t i = 0; i < changes_.size(); ++i) {
      changes_[i] = created_[i] != 0 ? Change::kInsert : Change::kUpdate;
    }
    return;
  }
  const std::span<const int64_t> counts = set_->row_counts();
  for (size_t i = 0; i < changes_.size(); ++i) {
    switch (ops_[i]) {
      case RowOp::kAdd:
        changes_[i] = counts[i] == 1 ? Change::kInsert : Change::kUpdate;
        break;
      case RowOp::kRetract:
        changes_[i] = Change::kUpdate;
        break;
      case RowOp::kReset:
        changes_[i] = Change::kDelete;
        break;
      case RowOp::kNone:
        changes_[i] = Change::kNone;
        break;
    }
  }
}

Result<Readiness> KeyedAggregation::ProcessBundle(const Batch& batch, const state::KeyBatch& keys,
                                                  const std::vector<ColumnPtr>& key_columns,
                                                  Batch* out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    distinct_.Find(records_);
    if (options_.needs_retraction) DecideOpsOfBundle(batch.kinds());
    if (set_->has_blobs()) before_ = set_->Values(distinct_.records().data(), distinct_.size());
  }
  std::vector<ColumnPtr> results;
  const RowOp* ops = options_.needs_retraction ? ops_.data() : nullptr;
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      AccumulateBundle(batch, {records_.data(), ops, &keys, nullptr, false}, &results));
  if (readiness == Readiness::kPending) return readiness;
  EmitBundle(keys, key_columns, std::move(results), out);
  return Readiness::kReady;
}

// What a record held before its first row and after its last is noted in passing: cheaper than
// passing over the records twice more. Not so for blobs, which would be copied for every row.
Result<Readiness> KeyedAggregation::AccumulateBundle(const Batch& batch,
                                                     const aggregate::RowUpdates& updates,
                                                     std::vector<ColumnPtr>* results) {
  if (set_->has_blobs()) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, set_->Accumulate(batch, updates));
    if (readiness == Readiness::kReady) *results = StackResults();
    return readiness;
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, set_->AccumulateEach(batch, updates, results));
  if (readiness == Readiness::kPending) return readiness;
  const auto entries = static_cast<size_t>(distinct_.size());
  before_rows_.resize(entries);
  after_rows_.resize(entries);
  for (size_t i = 0; i < entries; ++i) {
    before_rows_[i] = 2 * distinct_.first_rows()[i];
    after_rows_[i] = 2 * distinct_.last_rows()[i] + 1;
  }
  return readiness;
}

std::vector<ColumnPtr> KeyedAggregation::StackResults() {
  const int32_t entries = distinct_.size();
  std::vector<ColumnPtr> results = set_->Values(distinct_.records().data(), entries);
  for (size_t i = 0; i < results.size(); ++i) {
    results[i] = Concat(std::array{before_[i], results[i]});
  }
  before_.clear();
  before_rows_.resize(static_cast<size_t>(entries));
  after_rows_.resize(static_cast<size_t>(entries));
  for (int32_t i = 0; i < entries; ++i) {
    before_rows_[static_cast<size_t>(i)] = i;
    after_rows_[static_cast<size_t>(i)] = entries + i;
  }
  return results;
}

Result<Readiness> KeyedAggregation::MergeBundle(const std::vector<ColumnPtr>& accumulators,
                                                const state::KeyBatch& keys,
                                                const std::vector<ColumnPtr>& key_columns,
                                                Batch* out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    distinct_.Find(records_);
    before_ = set_->Values(records_.data(), keys.count());
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          set_->Merge(accumulators, 0, keys.count(),
                                      {records_.data(), nullptr, &keys, nullptr, false}));
  if (readiness == Readiness::kPending) return readiness;
  EmitBundle(keys, key_columns, StackResults(), out);
  return Readiness::kReady;
}

// Retractions before the first row of a key are dropped; once it has rows they count, even below
// zero.
void KeyedAggregation::DecideOpsOfBundle(const RowKind* kinds) {
  ops_.resize(records_.size());
  started_.resize(static_cast<size_t>(distinct_.size()));
  for (int32_t i = 0; i < distinct_.size(); ++i) started_[static_cast<size_t>(i)] = Existed(i);
  for (size_t i = 0; i < records_.size(); ++i) {
    uint8_t& started = started_[static_cast<size_t>(distinct_.entries()[i])];
    if (kinds == nullptr || IsAccumulate(kinds[i])) {
      started = 1;
      ops_[i] = RowOp::kAdd;
    } else {
      ops_[i] = started != 0 ? RowOp::kRetract : RowOp::kNone;
    }
  }
}

void KeyedAggregation::EmitBundle(const state::KeyBatch& keys,
                                  const std::vector<ColumnPtr>& key_columns,
                                  std::vector<ColumnPtr> results, Batch* out) {
  changes_.resize(static_cast<size_t>(distinct_.size()));
  for (int32_t i = 0; i < distinct_.size(); ++i) {
    const auto entry = static_cast<size_t>(i);
    changes_[entry] = Existed(i) ? Change::kUpdate : Change::kInsert;
    if (!options_.needs_retraction || CountOf(distinct_.records()[entry]) != 0) continue;
    changes_[entry] = Existed(i) ? Change::kDelete : Change::kNone;
    gone_rows_.push_back(distinct_.first_rows()[entry]);
  }
  Changes changes;
  changes.keys = key_columns;
  changes.results = std::move(results);
  changes.kinds = changes_;
  changes.rows = distinct_.first_rows();
  changes.before = before_rows_;
  changes.after = after_rows_;
  *out = changelog_.Build(changes);
  Finish(keys);
}

void KeyedAggregation::Finish(const state::KeyBatch& keys) {
  state_->Release();
  acquired_ = false;
  if (gone_rows_.empty()) return;
  state_->Erase(keys, gone_rows_);
  set_->ClearMaps(keys, gone_rows_);
  gone_rows_.clear();
}

}  // namespace castor::group_aggregate
