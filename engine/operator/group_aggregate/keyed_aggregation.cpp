#include "operator/group_aggregate/keyed_aggregation.h"

#include <array>

#include "column/gather.h"

namespace castor::group_aggregate {

using aggregate::RowOp;
using state::Readiness;

namespace {

int32_t& MarkOf(std::byte* record) { return *reinterpret_cast<int32_t*>(record); }

}  // namespace

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
                                                std::span<const ColumnPtr> key_columns,
                                                Batch* out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    if (options_.needs_retraction) {
      ops_.resize(records_.size());
      set_->CountRows(batch.kinds(), batch.num_rows, records_.data(), ops_.data());
    }
  }
  const bool counted = options_.needs_retraction;
  const aggregate::RowUpdates updates{records_.data(), counted ? ops_.data() : nullptr, &keys,
                                      nullptr, counted};
  ResultPairs results{{}, 2, 1};
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          set_->AccumulateEach(batch, updates, &results.columns));
  if (readiness == Readiness::kPending) return readiness;

  ListChangesOfRows();
  *out = changelog_.Build(key_columns, nullptr, results, changes_, !options_.every_row_changes);
  if (options_.needs_retraction) {
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
                                                  std::span<const ColumnPtr> key_columns,
                                                  Batch* out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    FindDistinct();
    if (options_.needs_retraction) DecideOps(batch.kinds());
    before_ = set_->Values(distinct_.data(), static_cast<int32_t>(distinct_.size()));
  }
  const aggregate::RowUpdates updates{
      records_.data(), options_.needs_retraction ? ops_.data() : nullptr, &keys, nullptr, false};
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, set_->Accumulate(batch, updates));
  if (readiness == Readiness::kPending) return readiness;
  UnmarkDistinct();
  EmitBundle(keys, key_columns, out);
  return Readiness::kReady;
}

Result<Readiness> KeyedAggregation::MergeBundle(const std::vector<ColumnPtr>& accumulators,
                                                const state::KeyBatch& keys,
                                                std::span<const ColumnPtr> key_columns,
                                                Batch* out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Acquire(keys));
    if (readiness == Readiness::kPending) return readiness;
    acquired_ = true;
    distinct_ = records_;
    first_rows_.resize(records_.size());
    existed_.resize(records_.size());
    for (size_t i = 0; i < records_.size(); ++i) {
      first_rows_[i] = static_cast<int32_t>(i);
      existed_[i] = created_[i] == 0;
    }
    before_ = set_->Values(distinct_.data(), static_cast<int32_t>(distinct_.size()));
  }
  const aggregate::RowUpdates updates{records_.data(), nullptr, &keys, nullptr, false};
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          set_->Merge(accumulators, 0, keys.count(), updates));
  if (readiness == Readiness::kPending) return readiness;
  EmitBundle(keys, key_columns, out);
  return Readiness::kReady;
}

void KeyedAggregation::FindDistinct() {
  distinct_.clear();
  first_rows_.clear();
  existed_.clear();
  for (size_t i = 0; i < records_.size(); ++i) {
    int32_t& mark = MarkOf(records_[i]);
    if (mark != 0) continue;
    distinct_.push_back(records_[i]);
    first_rows_.push_back(static_cast<int32_t>(i));
    mark = static_cast<int32_t>(distinct_.size());
    existed_.push_back(created_[i] == 0);
  }
}

// Retractions before the first row of a key are dropped; once it has rows they count, even below
// zero.
void KeyedAggregation::DecideOps(const RowKind* kinds) {
  ops_.resize(records_.size());
  started_ = existed_;
  for (size_t i = 0; i < records_.size(); ++i) {
    uint8_t& started = started_[static_cast<size_t>(MarkOf(records_[i]) - 1)];
    if (kinds == nullptr || IsAccumulate(kinds[i])) {
      started = 1;
      ops_[i] = RowOp::kAdd;
    } else {
      ops_[i] = started != 0 ? RowOp::kRetract : RowOp::kNone;
    }
  }
}

void KeyedAggregation::UnmarkDistinct() {
  for (std::byte* record : distinct_) MarkOf(record) = 0;
}

void KeyedAggregation::EmitBundle(const state::KeyBatch& keys,
                                  std::span<const ColumnPtr> key_columns, Batch* out) {
  const auto entries = static_cast<int32_t>(distinct_.size());
  changes_.resize(distinct_.size());
  for (size_t i = 0; i < distinct_.size(); ++i) {
    changes_[i] = existed_[i] != 0 ? Change::kUpdate : Change::kInsert;
    if (!options_.needs_retraction || CountOf(distinct_[i]) != 0) continue;
    changes_[i] = existed_[i] != 0 ? Change::kDelete : Change::kNone;
    gone_rows_.push_back(first_rows_[i]);
  }
  ResultPairs results{{}, 1, entries};
  const std::vector<ColumnPtr> after = set_->Values(distinct_.data(), entries);
  for (size_t i = 0; i < after.size(); ++i) {
    results.columns.push_back(Concat(std::array{before_[i], after[i]}));
  }
  *out = changelog_.Build(key_columns, first_rows_.data(), results, changes_, true);
  before_.clear();
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
