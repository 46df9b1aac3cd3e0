#include "operator/over/sorted_over.h"

#include <algorithm>
#include <utility>

#include "operator/over/over_calls.h"
#include "state/key_list.h"

namespace castor::over {
namespace {

using state::Readiness;

Status SetOwnBlob(void*, state::Blob* blob, std::string_view bytes) {
  return state::RecordIo::SetBlob(blob, bytes);
}

Status NotInMemory() {
  return Status::Internal("accumulators of an OVER window are not in memory");
}

LogicalType ResultsType(const plan::OverAggregate& node) {
  const auto& fields = node.output_type.fields();
  return LogicalType::Row({fields.end() - static_cast<ptrdiff_t>(node.calls.size()), fields.end()},
                          false);
}

}  // namespace

SortedOver::SortedOver(const plan::OverAggregate& node, const LogicalType& input,
                       SortKeyEncoder sort_keys, int64_t ttl_ms)
    : node_(node),
      input_(input),
      results_type_(ResultsType(node)),
      key_encoder_(input, node.partition),
      sort_key_encoder_(std::move(sort_keys)),
      row_encoder_(input, {}),
      results_encoder_(results_type_, {}),
      cleanup_(ttl_ms, ttl_ms) {}

SortedOver::~SortedOver() {
  if (record_ != nullptr) io_->Reset(record_);
}

Status SortedOver::Open(OperatorContext& context) {
  context_ = &context;
  const aggregate::AggregateSpec spec = CallsOf(node_, input_);
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(spec));
  CASTOR_ASSIGN_OR_RETURN(state_aggregates_, aggregate::AggregateSet::Compile(spec));
  if (aggregates_->uses_maps()) CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(context.state(), 0));
  CASTOR_RETURN_NOT_OK(cleanup_.Open(context, "NonTimeUnboundedPrecedingOverCleanupTime"));
  CASTOR_ASSIGN_OR_RETURN(constants_, CompileConstants(node_, context.configuration()));
  io_ = std::make_unique<state::RecordIo>(aggregates_->layout());
  memory_.resize(static_cast<size_t>(aggregates_->layout().fixed_size) / sizeof(memory_[0]) + 1);
  record_ = reinterpret_cast<std::byte*>(memory_.data());
  aggregates_->BindBlobs({nullptr, SetOwnBlob});
  state::StateDescriptor descriptor;
  descriptor.name = "accMapState";
  descriptor.layout = aggregates_->layout();
  descriptor.schema = aggregates_->schema();
  descriptor.version = aggregate::AggregateSet::kVersion;
  CASTOR_ASSIGN_OR_RETURN(accumulators_, context.state().OpenMap(descriptor));
  state_aggregates_->BindBlobs(aggregate::BlobWriter::Of(accumulators_));
  return partitions_.Open(context.state(), row_encoder_.schema());
}

Result<Progress> SortedOver::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  row_encoder_.Encode(batch_);
  row_ = 0;
  touched_ = false;
  return Continue(out);
}

Result<Progress> SortedOver::Continue(Output& out) {
  if (!touched_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, cleanup_.Touch(keys_));
    if (readiness == Readiness::kPending) return Progress::kPending;
    touched_ = true;
  }
  for (; row_ < batch_.num_rows; ++row_) {
    if (changed_rows_.size() >= static_cast<size_t>(context_->batch_rows())) out.Emit(TakeOutput());
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(rows_, partitions_.Find(keys_, row_));
    if (rows_ == nullptr) return Progress::kPending;
    CASTOR_RETURN_NOT_OK(ProcessRow(row_));
  }
  if (!changed_rows_.empty()) out.Emit(TakeOutput());
  batch_ = Batch();
  return Progress::kDone;
}

Result<Progress> SortedOver::OnProcessingTime(TimestampMs now, Output&) {
  state::KeyBatch gone;
  do {
    cleanup_.Due(now, static_cast<size_t>(context_->batch_rows()), &gone);
    const std::vector<int32_t> rows = state::AllRows(gone);
    partitions_.Clear(gone);
    accumulators_->Clear(gone, rows);
    cleanup_.Forget(gone, rows);
  } while (gone.count() > 0);
  cleanup_.RequestNext();
  return Progress::kDone;
}

Status SortedOver::ProcessRow(int32_t row) {
  const Status changed = ChangePartition(row);
  if (aggregates_->uses_maps()) aggregates_->ClearMaps(keys_, {&row, 1});
  return changed;
}

Status SortedOver::ChangePartition(int32_t row) {
  const std::string_view sort_key = sort_keys_.row(row);
  const std::string_view bytes = row_encoder_.row(row);
  const RowKind kind = batch_.kind(row);
  if (IsAccumulate(kind)) {
    return node_.is_rows ? AddToRows(sort_key, bytes, kind) : AddToRange(sort_key, bytes, kind);
  }
  return node_.is_rows ? RemoveFromRows(sort_key, bytes) : RemoveFromRange(sort_key, bytes);
}

Status SortedOver::AddToRange(std::string_view sort_key, std::string_view bytes, RowKind kind) {
  CASTOR_RETURN_NOT_OK(partitions_.Add(keys_, row_, sort_key, bytes));
  const auto group = rows_->find(sort_key);
  const Numbers& numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RangeBefore(group)));
  std::vector<std::string> others(numbers.size() - 1);
  for (size_t i = 0; i < others.size(); ++i) {
    CASTOR_RETURN_NOT_OK(ReadRow(sort_key, numbers[i], &others[i]));
    CASTOR_RETURN_NOT_OK(AddRow(others[i]));
  }
  CASTOR_RETURN_NOT_OK(AddRow(bytes));
  const std::string results = Results();
  const std::string user_key(sort_key);
  if (!others.empty()) {
    CASTOR_ASSIGN_OR_RETURN(const bool same, EqualsStored(user_key));
    if (!same) {
      CASTOR_ASSIGN_OR_RETURN(const std::string before, StoredResults(user_key));
      for (const std::string& other : others) {
        Emit(RowKind::kUpdateBefore, other, before);
        Emit(RowKind::kUpdateAfter, other, results);
      }
    }
  }
  Emit(kind, bytes, results);
  CASTOR_RETURN_NOT_OK(Store(user_key));
  return UpdateRangesBehind(std::next(group));
}

// All rows that equal the removed one are left out of the sums, though only the last of them goes.
Status SortedOver::RemoveFromRange(std::string_view sort_key, std::string_view bytes) {
  const auto group = rows_->find(sort_key);
  if (group == rows_->end()) return Status::OK();
  const std::string user_key(sort_key);
  const Numbers numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RangeBefore(group)));
  std::vector<std::string> rows(numbers.size());
  size_t removed = numbers.size();
  for (size_t i = 0; i < numbers.size(); ++i) {
    CASTOR_RETURN_NOT_OK(ReadRow(sort_key, numbers[i], &rows[i]));
    if (rows[i] == bytes) {
      removed = i;
    } else {
      CASTOR_RETURN_NOT_OK(AddRow(rows[i]));
    }
  }
  if (removed == numbers.size()) return Status::OK();
  const std::string results = Results();
  CASTOR_ASSIGN_OR_RETURN(const std::string before, StoredResults(user_key));
  CASTOR_ASSIGN_OR_RETURN(const bool same, EqualsStored(user_key));
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == removed) {
      Emit(RowKind::kDelete, rows[i], before);
    } else if (!same) {
      Emit(RowKind::kUpdateBefore, rows[i], before);
      Emit(RowKind::kUpdateAfter, rows[i], results);
    }
  }
  const auto behind = std::next(group);
  partitions_.Remove(keys_, row_, sort_key, numbers[removed]);
  if (numbers.size() == 1) {
    Erase(user_key);
  } else {
    CASTOR_RETURN_NOT_OK(Store(user_key));
  }
  return UpdateRangesBehind(behind);
}

Status SortedOver::UpdateRangesBehind(SortedRows::const_iterator group) {
  for (; group != rows_->end(); ++group) {
    const auto& [sort_key, numbers] = *group;
    std::vector<std::string> rows(numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i) {
      CASTOR_RETURN_NOT_OK(ReadRow(sort_key, numbers[i], &rows[i]));
      CASTOR_RETURN_NOT_OK(AddRow(rows[i]));
    }
    CASTOR_ASSIGN_OR_RETURN(const bool same, EqualsStored(sort_key));
    if (same) return Status::OK();
    const std::string results = Results();
    CASTOR_ASSIGN_OR_RETURN(const std::string before, StoredResults(sort_key));
    for (const std::string& row : rows) {
      Emit(RowKind::kUpdateBefore, row, before);
      Emit(RowKind::kUpdateAfter, row, results);
    }
    CASTOR_RETURN_NOT_OK(Store(sort_key));
  }
  return Status::OK();
}

Status SortedOver::AddToRows(std::string_view sort_key, std::string_view bytes, RowKind kind) {
  CASTOR_RETURN_NOT_OK(partitions_.Add(keys_, row_, sort_key, bytes));
  const auto group = rows_->find(sort_key);
  const Numbers& numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RowBefore(group, numbers.size() - 1)));
  CASTOR_RETURN_NOT_OK(AddRow(bytes));
  Emit(kind, bytes, Results());
  CASTOR_RETURN_NOT_OK(Store(SortedPartitions::UserKey(sort_key, numbers.back())));
  return UpdateRowsBehind(std::next(group));
}

Status SortedOver::RemoveFromRows(std::string_view sort_key, std::string_view bytes) {
  const auto group = rows_->find(sort_key);
  if (group == rows_->end()) return Status::OK();
  const Numbers numbers = group->second;
  size_t removed = 0;
  std::string row;
  for (; removed < numbers.size(); ++removed) {
    CASTOR_RETURN_NOT_OK(ReadRow(sort_key, numbers[removed], &row));
    if (row == bytes) break;
  }
  if (removed == numbers.size()) return Status::OK();
  CASTOR_RETURN_NOT_OK(StartFrom(RowBefore(group, removed)));
  const std::string removed_key = SortedPartitions::UserKey(sort_key, numbers[removed]);
  CASTOR_ASSIGN_OR_RETURN(const std::string removed_results, StoredResults(removed_key));
  Emit(RowKind::kDelete, row, removed_results);
  for (size_t i = removed + 1; i < numbers.size(); ++i) {
    CASTOR_RETURN_NOT_OK(ReadRow(sort_key, numbers[i], &row));
    CASTOR_RETURN_NOT_OK(AddRow(row));
    const std::string user_key = SortedPartitions::UserKey(sort_key, numbers[i]);
    const std::string results = Results();
    CASTOR_ASSIGN_OR_RETURN(const std::string before, StoredResults(user_key));
    if (results == before) break;
    Emit(RowKind::kUpdateBefore, row, before);
    Emit(RowKind::kUpdateAfter, row, results);
    CASTOR_RETURN_NOT_OK(Store(user_key));
  }
  const auto behind = std::next(group);
  partitions_.Remove(keys_, row_, sort_key, numbers[removed]);
  Erase(removed_key);
  return UpdateRowsBehind(behind);
}

Status SortedOver::UpdateRowsBehind(SortedRows::const_iterator group) {
  std::string row;
  for (; group != rows_->end(); ++group) {
    for (const uint64_t number : group->second) {
      CASTOR_RETURN_NOT_OK(ReadRow(group->first, number, &row));
      CASTOR_RETURN_NOT_OK(AddRow(row));
      const std::string user_key = SortedPartitions::UserKey(group->first, number);
      const std::string results = Results();
      CASTOR_ASSIGN_OR_RETURN(const std::string before, StoredResults(user_key));
      if (results == before) return Status::OK();
      Emit(RowKind::kUpdateBefore, row, before);
      Emit(RowKind::kUpdateAfter, row, results);
      CASTOR_RETURN_NOT_OK(Store(user_key));
    }
  }
  return Status::OK();
}

const std::string* SortedOver::RangeBefore(SortedRows::const_iterator group) {
  return group == rows_->begin() ? nullptr : &std::prev(group)->first;
}

// The row before the one at `index` of the group.
const std::string* SortedOver::RowBefore(SortedRows::const_iterator group, size_t index) {
  if (index == 0) {
    if (group == rows_->begin()) return nullptr;
    --group;
    index = group->second.size();
  }
  user_key_ = SortedPartitions::UserKey(group->first, group->second[index - 1]);
  return &user_key_;
}

Status SortedOver::StartFrom(const std::string* user_key) {
  io_->Reset(record_);
  if (user_key == nullptr) return Status::OK();
  const std::string_view view = *user_key;
  std::byte* stored = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          accumulators_->Acquire(keys_, {&row_, 1}, {&view, 1},
                                                 state::AccessMode::kFind, &stored, nullptr));
  if (readiness == Readiness::kPending || stored == nullptr) return NotInMemory();
  const Status copied = aggregates_->CopyRecords(&record_, &stored, 1);
  accumulators_->Release();
  return copied;
}

Status SortedOver::AddRow(std::string_view bytes) {
  const char* row = bytes.data();
  Batch one(1, row_encoder_.Decode({&row, 1}));
  CASTOR_RETURN_NOT_OK(AppendConstants(*constants_, node_.constants.size(), &one));
  aggregate::RowUpdates updates;
  updates.records = &record_;
  updates.keys = &keys_;
  updates.key_rows = &row_;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, aggregates_->Accumulate(one, updates));
  return readiness == Readiness::kReady ? Status::OK() : NotInMemory();
}

Status SortedOver::Store(const std::string& user_key) {
  const std::string_view view = user_key;
  std::byte* stored = nullptr;
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      accumulators_->Acquire(keys_, {&row_, 1}, {&view, 1}, state::AccessMode::kFindOrCreate,
                             &stored, nullptr));
  if (readiness == Readiness::kPending) return NotInMemory();
  Status status = state_aggregates_->Reset(&stored, 1);
  if (status.ok()) status = state_aggregates_->CopyRecords(&stored, &record_, 1);
  accumulators_->Release();
  return status;
}

void SortedOver::Erase(const std::string& user_key) {
  const std::string_view view = user_key;
  accumulators_->Erase(keys_, {&row_, 1}, {&view, 1});
}

std::string SortedOver::Results() {
  results_encoder_.Encode(Batch(1, aggregates_->Values(&record_, 1)));
  return std::string(results_encoder_.row(0));
}

Result<std::string> SortedOver::StoredResults(const std::string& user_key) {
  const std::string_view view = user_key;
  std::byte* stored = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          accumulators_->Acquire(keys_, {&row_, 1}, {&view, 1},
                                                 state::AccessMode::kFind, &stored, nullptr));
  if (readiness == Readiness::kPending || stored == nullptr) return NotInMemory();
  results_encoder_.Encode(Batch(1, state_aggregates_->Values(&stored, 1)));
  accumulators_->Release();
  return std::string(results_encoder_.row(0));
}

std::string SortedOver::Encoded(const std::byte* record) const {
  const BinaryRowCodec codec(aggregates_->accumulator_types());
  EncodedRows rows;
  codec.Encode(aggregates_->Accumulators(&record, 1), 1, &rows);
  return std::string(rows.row(0));
}

Result<bool> SortedOver::EqualsStored(const std::string& user_key) {
  const std::string_view view = user_key;
  std::byte* stored = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          accumulators_->Acquire(keys_, {&row_, 1}, {&view, 1},
                                                 state::AccessMode::kFind, &stored, nullptr));
  if (readiness == Readiness::kPending || stored == nullptr) return NotInMemory();
  const bool same = Encoded(stored) == Encoded(record_);
  accumulators_->Release();
  return same;
}

Status SortedOver::ReadRow(std::string_view sort_key, uint64_t number, std::string* bytes) {
  return partitions_.Read(keys_, row_, sort_key, number, bytes);
}

void SortedOver::Emit(RowKind kind, std::string_view bytes, std::string_view results) {
  changed_rows_.Emit(kind, bytes);
  changed_results_.Emit(kind, results);
}

Batch SortedOver::TakeOutput() {
  Batch out = changed_rows_.Take(row_encoder_);
  Batch results = changed_results_.Take(results_encoder_);
  for (ColumnPtr& column : results.columns) out.columns.push_back(std::move(column));
  for (size_t i = 0; i < out.columns.size(); ++i) {
    out.columns[i] = out.columns[i]->WithType(node_.output_type.fields()[i].type);
  }
  return out;
}

}  // namespace castor::over
