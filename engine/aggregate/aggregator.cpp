#include "aggregate/aggregator.h"

#include "aggregate/call.h"
#include "aggregate/distinct.h"
#include "column/gather.h"

namespace castor::aggregate {

AggregateSet::AggregateSet() = default;
AggregateSet::~AggregateSet() = default;

bool AggregateSet::uses_maps() const { return !distinct_groups_.empty(); }

void AggregateSet::BindBlobs(BlobWriter writer) {
  for (const auto& call : calls_) call->function->BindBlobs(writer);
}

void AggregateSet::CountRows(const RowKind* kinds, int32_t rows, std::byte* const* records,
                             RowOp* ops) {
  row_counts_.resize(static_cast<size_t>(rows));
  const int32_t offset = record_count_offset_;
  for (int32_t i = 0; i < rows; ++i) {
    auto& count = *reinterpret_cast<int64_t*>(records[i] + offset);
    if (kinds == nullptr || IsAccumulate(kinds[i])) {
      ++count;
      ops[i] = RowOp::kAdd;
    } else if (count == 0) {
      ops[i] = RowOp::kNone;
    } else {
      --count;
      ops[i] = count == 0 ? RowOp::kReset : RowOp::kRetract;
    }
    row_counts_[static_cast<size_t>(i)] = count;
  }
}

bool AggregateSet::IsFed(const Call& call) const { return !(call.distinct && maps_in_memory_); }

Result<state::Readiness> AggregateSet::Prepare(const Batch& batch, const RowUpdates& updates) {
  for (const auto& call : calls_) call->Prepare(batch, updates.ops);
  for (const auto& group : distinct_groups_) {
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                            group->Acquire(updates, batch.num_rows));
    if (readiness == state::Readiness::kPending) return readiness;
  }
  for (const auto& group : distinct_groups_) {
    group->Apply(updates, batch.num_rows);
    group->Finish(updates);
  }
  return state::Readiness::kReady;
}

Result<state::Readiness> AggregateSet::Accumulate(const Batch& batch, const RowUpdates& updates) {
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, Prepare(batch, updates));
  if (readiness == state::Readiness::kPending) return readiness;
  for (size_t i = 0; i < calls_.size(); ++i) {
    Call& call = *calls_[i];
    if ((updates.counted && static_cast<int32_t>(i) == count_star_) || !IsFed(call)) continue;
    CASTOR_RETURN_NOT_OK(
        call.function->Accumulate(call.columns, call.Rows(batch.num_rows, updates.records)));
  }
  return state::Readiness::kReady;
}

Result<state::Readiness> AggregateSet::AccumulateEach(const Batch& batch, const RowUpdates& updates,
                                                      std::vector<ColumnPtr>* values) {
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, Prepare(batch, updates));
  if (readiness == state::Readiness::kPending) return readiness;
  values->clear();
  for (size_t i = 0; i < calls_.size(); ++i) {
    Call& call = *calls_[i];
    const CallRows rows = call.Rows(batch.num_rows, updates.records);
    if (updates.counted && static_cast<int32_t>(i) == count_star_) {
      if (i < visible_calls_) values->push_back(CountedValues(updates, batch.num_rows));
    } else if (i < visible_calls_) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, call.function->AccumulateEach(call.columns, rows));
      values->push_back(std::move(column));
    } else {
      CASTOR_RETURN_NOT_OK(call.function->Accumulate(call.columns, rows));
    }
  }
  return state::Readiness::kReady;
}

ColumnPtr AggregateSet::CountedValues(const RowUpdates& updates, int32_t rows) const {
  const auto& type = calls_[static_cast<size_t>(count_star_)]->function->value_type();
  MutableColumnPtr column = Column::MakeFlat(type, 2 * rows);
  auto* values = column->mutable_values<int64_t>();
  for (int32_t i = 0; i < rows; ++i) {
    const int64_t after = row_counts_[static_cast<size_t>(i)];
    const RowOp op = updates.ops[i];
    values[2 * i] = op == RowOp::kNone ? after : op == RowOp::kAdd ? after - 1 : after + 1;
    values[2 * i + 1] = after;
  }
  return column;
}

std::vector<ColumnPtr> AggregateSet::Values(const std::byte* const* records, int32_t count) const {
  std::vector<ColumnPtr> columns;
  for (size_t i = 0; i < visible_calls_; ++i) {
    columns.push_back(calls_[i]->function->Values(records, count));
  }
  return columns;
}

std::vector<ColumnPtr> AggregateSet::Accumulators(std::byte* const* records, int32_t count) {
  std::vector<ColumnPtr> columns;
  for (const auto& call : calls_) {
    if (IsFed(*call)) {
      call->function->Accumulators(records, count, &columns);
      continue;
    }
    for (const LogicalType& type : call->function->accumulator_types()) {
      columns.push_back(Column::MakeNull(type.WithNullable(true), count));
    }
  }
  if (!maps_in_memory_) return columns;
  for (const auto& group : distinct_groups_) columns.push_back(group->Serialize(records, count));
  return columns;
}

Result<state::Readiness> AggregateSet::Merge(const std::vector<ColumnPtr>& columns, size_t first,
                                             int32_t rows, const RowUpdates& updates) {
  merged_maps_.clear();
  const size_t groups_at = first + function_columns_;
  for (size_t g = 0; g < distinct_groups_.size(); ++g) {
    merged_maps_.push_back(Flatten(columns[groups_at + g]));
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                            distinct_groups_[g]->AcquireMerge(*merged_maps_[g], updates, rows));
    if (readiness == state::Readiness::kPending) return readiness;
  }
  for (const auto& group : distinct_groups_) {
    CASTOR_RETURN_NOT_OK(group->ApplyMerge(updates));
    group->Finish(updates);
  }
  size_t next = first;
  std::vector<ColumnPtr> parts;
  for (const auto& call : calls_) {
    const size_t end = next + call->function->accumulator_types().size();
    if (call->distinct) {
      next = end;
      continue;
    }
    parts.clear();
    for (; next < end; ++next) parts.push_back(Flatten(columns[next]));
    CASTOR_RETURN_NOT_OK(
        call->function->Merge(parts, CallRows{rows, updates.records, updates.ops}));
  }
  return state::Readiness::kReady;
}

Status AggregateSet::MergeRecords(std::byte* const* into, const std::byte* const* from,
                                  int32_t count) {
  for (const auto& call : calls_) {
    CASTOR_RETURN_NOT_OK(call->function->MergeRecords(into, from, count));
  }
  return Status::OK();
}

Status AggregateSet::Reset(std::byte* const* records, int32_t count) {
  for (const auto& call : calls_) CASTOR_RETURN_NOT_OK(call->function->Reset(records, count));
  return Status::OK();
}

Status AggregateSet::OpenMaps(state::KeyedStateStore* store, int64_t ttl_ms) {
  for (size_t g = 0; g < distinct_groups_.size(); ++g) {
    CASTOR_RETURN_NOT_OK(
        distinct_groups_[g]->Open(store, "distinctAcc_" + std::to_string(g), ttl_ms));
  }
  return Status::OK();
}

void AggregateSet::ClearMaps(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  for (const auto& group : distinct_groups_) group->Clear(keys, rows);
}

void AggregateSet::ClearMemoryMaps(std::byte* const* records, int32_t count) {
  for (const auto& group : distinct_groups_) group->ClearMemory(records, count);
}

}  // namespace castor::aggregate
