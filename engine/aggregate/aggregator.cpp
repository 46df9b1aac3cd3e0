#include "aggregate/aggregator.h"

#include <algorithm>

#include "aggregate/call.h"
#include "aggregate/distinct.h"
#include "column/gather.h"

namespace castor::aggregate {

using state::Readiness;

AggregateSet::AggregateSet() = default;
AggregateSet::~AggregateSet() = default;

bool AggregateSet::uses_maps() const {
  return !distinct_groups_.empty() ||
         std::any_of(calls_.begin(), calls_.end(),
                     [](const auto& call) { return call->map_function != nullptr; });
}

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

// Calls acquire(map) for each call and then each group of DISTINCT, from the one that was pending
// on.
template <typename Acquire>
Result<Readiness> AggregateSet::AcquireMaps(Acquire&& acquire) {
  for (; next_map_ < calls_.size() + distinct_groups_.size(); ++next_map_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, acquire(next_map_));
    if (readiness == Readiness::kPending) return readiness;
  }
  next_map_ = 0;
  return Readiness::kReady;
}

Result<Readiness> AggregateSet::AcquireEntries(const Batch& batch, const RowUpdates& updates) {
  if (next_map_ == 0) {
    for (const auto& call : calls_) call->Prepare(batch, updates.ops);
  }
  return AcquireMaps([&](size_t map) -> Result<Readiness> {
    if (map >= calls_.size()) {
      return distinct_groups_[map - calls_.size()]->Acquire(updates, batch.num_rows);
    }
    Call& call = *calls_[map];
    if (call.map_function == nullptr) return Readiness::kReady;
    return call.map_function->Acquire(call.columns, call.Rows(batch.num_rows, updates.records),
                                      updates);
  });
}

Status AggregateSet::ApplyRows(const Batch& batch, const RowUpdates& updates, bool each) {
  for (const auto& group : distinct_groups_) {
    group->Apply(updates, batch.num_rows);
    group->Finish(updates);
  }
  each_values_.assign(each ? visible_calls_ : 0, nullptr);
  for (size_t i = 0; i < calls_.size(); ++i) {
    Call& call = *calls_[i];
    if (call.row_function == nullptr || !IsFed(call)) continue;
    const bool noted = each && i < visible_calls_;
    const CallRows rows = call.Rows(batch.num_rows, updates.records);
    if (updates.counted && static_cast<int32_t>(i) == count_star_) {
      if (noted) each_values_[i] = CountedValues(updates, batch.num_rows);
    } else if (noted) {
      CASTOR_ASSIGN_OR_RETURN(each_values_[i],
                              call.row_function->AccumulateEach(call.columns, rows));
    } else {
      CASTOR_RETURN_NOT_OK(call.row_function->Accumulate(call.columns, rows));
    }
  }
  return Status::OK();
}

template <typename Apply>
Result<Readiness> AggregateSet::ApplyMapFunctions(const RowUpdates& updates, Apply&& apply) {
  for (; next_call_ < calls_.size(); ++next_call_) {
    MapFunction* function = calls_[next_call_]->map_function;
    if (function == nullptr) continue;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, apply(next_call_, *function));
    if (readiness == Readiness::kPending) return readiness;
    function->Finish(updates);
  }
  next_call_ = 0;
  applied_rows_ = false;
  return Readiness::kReady;
}

Result<Readiness> AggregateSet::Accumulate(const Batch& batch, const RowUpdates& updates) {
  if (!applied_rows_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, AcquireEntries(batch, updates));
    if (readiness == Readiness::kPending) return readiness;
    CASTOR_RETURN_NOT_OK(ApplyRows(batch, updates, /*each=*/false));
    applied_rows_ = true;
  }
  return ApplyMapFunctions(updates, [&](size_t i, MapFunction& function) {
    return function.Apply(calls_[i]->Rows(batch.num_rows, updates.records), updates, nullptr);
  });
}

Result<Readiness> AggregateSet::AccumulateEach(const Batch& batch, const RowUpdates& updates,
                                               std::vector<ColumnPtr>* values) {
  if (!applied_rows_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, AcquireEntries(batch, updates));
    if (readiness == Readiness::kPending) return readiness;
    CASTOR_RETURN_NOT_OK(ApplyRows(batch, updates, /*each=*/true));
    applied_rows_ = true;
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          ApplyMapFunctions(updates, [&](size_t i, MapFunction& function) {
                            return function.Apply(calls_[i]->Rows(batch.num_rows, updates.records),
                                                  updates, &each_values_[i]);
                          }));
  if (readiness == Readiness::kReady) values->swap(each_values_);
  return readiness;
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

std::vector<ColumnPtr> AggregateSet::Accumulators(const std::byte* const* records, int32_t count) {
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
  for (const auto& group : distinct_groups_) {
    columns.push_back(group->SerializeFromMemory(records, count));
  }
  return columns;
}

Result<Readiness> AggregateSet::CompleteAccumulators(const RowUpdates& updates, int32_t count,
                                                     std::vector<ColumnPtr>* columns) {
  if (next_map_ == 0) columns->clear();
  return AcquireMaps([&](size_t map) -> Result<Readiness> {
    ColumnPtr column;
    Readiness readiness = Readiness::kReady;
    if (map >= calls_.size()) {
      CASTOR_ASSIGN_OR_RETURN(
          readiness, distinct_groups_[map - calls_.size()]->Serialize(updates, count, &column));
    } else if (MapFunction* function = calls_[map]->map_function; function != nullptr) {
      CASTOR_ASSIGN_OR_RETURN(readiness, function->Serialize(updates, count, &column));
    } else {
      calls_[map]->function->Accumulators(updates.records, count, columns);
    }
    if (column != nullptr) columns->push_back(std::move(column));
    return readiness;
  });
}

Result<Readiness> AggregateSet::AcquireMergedEntries(const std::vector<ColumnPtr>& columns,
                                                     size_t first, int32_t rows,
                                                     const RowUpdates& updates) {
  if (next_map_ == 0) FlattenMergedMaps(columns, first);
  return AcquireMaps([&](size_t map) -> Result<Readiness> {
    if (map >= calls_.size()) {
      const size_t group = map - calls_.size();
      return distinct_groups_[group]->AcquireMerge(*merged_maps_[group], updates, rows);
    }
    Call& call = *calls_[map];
    if (call.map_function == nullptr) return Readiness::kReady;
    return call.map_function->AcquireMerge(*call.columns[0], {rows, updates.records, updates.ops},
                                           updates);
  });
}

void AggregateSet::FlattenMergedMaps(const std::vector<ColumnPtr>& columns, size_t first) {
  size_t next = first;
  for (const auto& call : calls_) {
    if (call->map_function != nullptr) call->columns = {Flatten(columns[next])};
    next += call->function->accumulator_types().size();
  }
  merged_maps_.clear();
  for (size_t g = 0; g < distinct_groups_.size(); ++g) {
    merged_maps_.push_back(Flatten(columns[first + function_columns_ + g]));
  }
}

Status AggregateSet::ApplyMerge(const std::vector<ColumnPtr>& columns, size_t first, int32_t rows,
                                const RowUpdates& updates) {
  for (const auto& group : distinct_groups_) {
    CASTOR_RETURN_NOT_OK(group->ApplyMerge(updates));
    group->Finish(updates);
  }
  size_t next = first;
  std::vector<ColumnPtr> parts;
  for (const auto& call : calls_) {
    const size_t end = next + call->function->accumulator_types().size();
    if (call->row_function != nullptr && !call->distinct) {
      parts.clear();
      for (size_t i = next; i < end; ++i) parts.push_back(Flatten(columns[i]));
      CASTOR_RETURN_NOT_OK(call->row_function->Merge(parts, {rows, updates.records, updates.ops}));
    }
    next = end;
  }
  return Status::OK();
}

Result<Readiness> AggregateSet::Merge(const std::vector<ColumnPtr>& columns, size_t first,
                                      int32_t rows, const RowUpdates& updates) {
  if (!applied_rows_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            AcquireMergedEntries(columns, first, rows, updates));
    if (readiness == Readiness::kPending) return readiness;
    CASTOR_RETURN_NOT_OK(ApplyMerge(columns, first, rows, updates));
    applied_rows_ = true;
  }
  return ApplyMapFunctions(
      updates, [&](size_t, MapFunction& function) { return function.ApplyMerge(updates); });
}

Status AggregateSet::MergeRecords(std::byte* const* into, const std::byte* const* from,
                                  int32_t count) {
  if (!distinct_groups_.empty()) {
    return Status::Internal("records whose aggregates keep maps cannot be merged");
  }
  return CopyRecords(into, from, count);
}

Status AggregateSet::CopyRecords(std::byte* const* into, const std::byte* const* from,
                                 int32_t count) {
  for (const auto& call : calls_) {
    if (call->row_function == nullptr) {
      return Status::Internal("records whose functions keep maps cannot be copied");
    }
    CASTOR_RETURN_NOT_OK(call->row_function->MergeRecords(into, from, count));
  }
  return Status::OK();
}

Status AggregateSet::Reset(std::byte* const* records, int32_t count) {
  for (const auto& call : calls_) CASTOR_RETURN_NOT_OK(call->function->Reset(records, count));
  return Status::OK();
}

Status AggregateSet::OpenMaps(state::KeyedStateStore& store, int64_t ttl_ms) {
  // Maps in memory are open since Compile.
  for (const auto& group : distinct_groups_) {
    if (maps_in_memory_) break;
    CASTOR_RETURN_NOT_OK(group->OpenInState(store, ttl_ms));
  }
  for (size_t i = 0; i < calls_.size(); ++i) {
    if (calls_[i]->map_function == nullptr || function_maps_in_memory_) continue;
    CASTOR_RETURN_NOT_OK(calls_[i]->map_function->OpenInState(store, MapName(i), ttl_ms));
  }
  return Status::OK();
}

void AggregateSet::ClearMaps(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  for (const auto& group : distinct_groups_) {
    if (!maps_in_memory_) group->Clear(keys, rows);
  }
  for (const auto& call : calls_) {
    if (call->map_function != nullptr && !function_maps_in_memory_) {
      call->map_function->Clear(keys, rows);
    }
  }
}

void AggregateSet::ClearMemoryMaps() {
  for (const auto& group : distinct_groups_) {
    if (maps_in_memory_) group->ClearMemory();
  }
  for (const auto& call : calls_) {
    if (call->map_function != nullptr && function_maps_in_memory_)
      call->map_function->ClearMemory();
  }
}

}  // namespace castor::aggregate
