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
  if (aggregates_->uses_maps()) {
    maps_ = state::MakeStore("OVER", {0, 0}, 1, context.clock(), {});
    CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(*maps_, 0));
  }
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
  CASTOR_RETURN_NOT_OK(partitions_.Open(context.state(), row_encoder_.schema()));
  held_rows_.Open(partitions_.entries());
  held_accumulators_.Open(accumulators_);
  return Status::OK();
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
  if (cleans_until_ != kMaxWatermark) return Clean();
  if (!touched_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, cleanup_.Touch(keys_));
    if (readiness == Readiness::kPending) return Progress::kPending;
    touched_ = true;
  }
  for (; row_ < batch_.num_rows; ++row_) {
    if (changed_rows_.size() >= static_cast<size_t>(context_->batch_rows())) out.Emit(TakeOutput());
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, ProcessRow());
    if (readiness == Readiness::kPending) return Progress::kPending;
  }
  if (!changed_rows_.empty()) out.Emit(TakeOutput());
  batch_ = Batch();
  return Progress::kDone;
}

Result<Progress> SortedOver::OnProcessingTime(TimestampMs now, Output&) {
  cleans_until_ = now;
  return Clean();
}

Result<Progress> SortedOver::Clean() {
  state::KeyBatch gone;
  do {
    CASTOR_ASSIGN_OR_RETURN(
        const Readiness due,
        cleanup_.Due(cleans_until_, static_cast<size_t>(context_->batch_rows()), &gone));
    if (due == Readiness::kPending) return Progress::kPending;
    const std::vector<int32_t> rows = state::AllRows(gone);
    partitions_.Clear(gone);
    accumulators_->Clear(gone, rows);
    cleanup_.Forget(gone, rows);
  } while (gone.count() > 0);
  cleans_until_ = kMaxWatermark;
  cleanup_.RequestNext();
  return Progress::kDone;
}

Result<Readiness> SortedOver::ProcessRow() {
  if (stage_ == Stage::kFind) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness found, partitions_.Find(keys_, row_));
    if (found == Readiness::kPending) return found;
    NameOwnEntries();
    goes_on_ = false;
    stage_ = Stage::kChange;
  }
  if (stage_ == Stage::kChange) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness held, Hold());
    if (held == Readiness::kPending) return held;
    CASTOR_RETURN_NOT_OK(ChangePartition());
    Release();
    stage_ = Stage::kUpdate;
  }
  while (goes_on_ && behind_ != sorted().end()) {
    if (held_end_ == behind_) NameEntriesBehind();
    CASTOR_ASSIGN_OR_RETURN(const Readiness held, Hold());
    if (held == Readiness::kPending) return held;
    CASTOR_RETURN_NOT_OK(node_.is_rows ? UpdateRowsBehind() : UpdateRangesBehind());
    Release();
  }
  if (aggregates_->uses_maps()) aggregates_->ClearMaps(keys_, {&row_, 1});
  stage_ = Stage::kFind;
  return Readiness::kReady;
}

Result<Readiness> SortedOver::Hold() {
  if (!holds_rows_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness rows, held_rows_.Acquire(keys_, row_));
    if (rows == Readiness::kPending) return rows;
    holds_rows_ = true;
  }
  return held_accumulators_.Acquire(keys_, row_);
}

void SortedOver::Release() {
  holds_rows_ = false;
  held_rows_.Release(keys_, row_);
  held_accumulators_.Release(keys_, row_);
}

// Names the row that comes, or those of which one goes, and where the sums before them stand.
void SortedOver::NameOwnEntries() {
  const std::string_view sort_key = sort_keys_.row(row_);
  const auto group = sorted().lower_bound(sort_key);
  const bool exists = group != sorted().end() && group->first == sort_key;
  const bool adds = IsAccumulate(batch_.kind(row_));
  if (!adds && !exists) return;  // no such row
  const bool behind_group = adds && exists && node_.is_rows;
  const std::string* before = node_.is_rows
                                  ? RowBefore(group, behind_group ? group->second.size() : 0)
                                  : RangeBefore(group);
  if (before != nullptr) held_accumulators_.Name(*before);
  if (exists && !behind_group) NameGroup(*group);
  if (!adds) return;
  const std::string added = SortedPartitions::UserKey(sort_key, partitions_.NextNumber());
  held_rows_.Name(added);
  held_accumulators_.Name(node_.is_rows ? added : sort_key);
}

// Names the groups that come next: few, as their results may be the last to change.
void SortedOver::NameEntriesBehind() {
  for (size_t rows = 0; held_end_ != sorted().end() && rows < kHeldRows; ++held_end_) {
    NameGroup(*held_end_);
    rows += held_end_->second.size();
  }
}

void SortedOver::GoOnBehind(SortedRows::const_iterator group) {
  goes_on_ = true;
  behind_ = held_end_ = group;
}

void SortedOver::NameGroup(const SortedRows::value_type& group) {
  const auto& [sort_key, numbers] = group;
  if (!node_.is_rows) held_accumulators_.Name(sort_key);
  for (const uint64_t number : numbers) {
    const std::string user_key = SortedPartitions::UserKey(sort_key, number);
    held_rows_.Name(user_key);
    if (node_.is_rows) held_accumulators_.Name(user_key);
  }
}

Status SortedOver::ChangePartition() {
  const std::string_view sort_key = sort_keys_.row(row_);
  const std::string_view bytes = row_encoder_.row(row_);
  const RowKind kind = batch_.kind(row_);
  if (IsAccumulate(kind)) {
    const std::string user_key = SortedPartitions::UserKey(sort_key, partitions_.NextNumber());
    CASTOR_RETURN_NOT_OK(NoteNewRow(user_key, bytes));
    partitions_.Add(sort_key);
    return node_.is_rows ? AddToRows(sort_key, bytes, kind) : AddToRange(sort_key, bytes, kind);
  }
  return node_.is_rows ? RemoveFromRows(sort_key, bytes) : RemoveFromRange(sort_key, bytes);
}

Status SortedOver::NoteNewRow(std::string_view user_key, std::string_view bytes) {
  auto* blob = reinterpret_cast<state::Blob*>(held_rows_.At(user_key));
  return partitions_.entries()->SetBlob(blob, bytes);
}

Status SortedOver::AddToRange(std::string_view sort_key, std::string_view bytes, RowKind kind) {
  const auto group = sorted().find(sort_key);
  const Numbers& numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RangeBefore(group)));
  std::vector<std::string_view> others(numbers.size() - 1);
  for (size_t i = 0; i < others.size(); ++i) {
    others[i] = RowAt(sort_key, numbers[i]);
    CASTOR_RETURN_NOT_OK(AddRow(others[i]));
  }
  CASTOR_RETURN_NOT_OK(AddRow(bytes));
  const std::string results = Results();
  const std::string user_key(sort_key);
  if (!others.empty() && !EqualsStored(user_key)) {
    const std::string before = StoredResults(user_key);
    for (const std::string_view other : others) {
      Emit(RowKind::kUpdateBefore, other, before);
      Emit(RowKind::kUpdateAfter, other, results);
    }
  }
  Emit(kind, bytes, results);
  CASTOR_RETURN_NOT_OK(Store(user_key));
  GoOnBehind(std::next(group));
  return Status::OK();
}

// All rows that equal the removed one are left out of the sums, though only the last of them goes.
Status SortedOver::RemoveFromRange(std::string_view sort_key, std::string_view bytes) {
  const auto group = sorted().find(sort_key);
  if (group == sorted().end()) return Status::OK();
  const std::string user_key(sort_key);
  const Numbers numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RangeBefore(group)));
  std::vector<std::string_view> rows(numbers.size());
  size_t removed = numbers.size();
  for (size_t i = 0; i < numbers.size(); ++i) {
    rows[i] = RowAt(sort_key, numbers[i]);
    if (rows[i] == bytes) {
      removed = i;
    } else {
      CASTOR_RETURN_NOT_OK(AddRow(rows[i]));
    }
  }
  if (removed == numbers.size()) return Status::OK();
  const std::string results = Results();
  const std::string before = StoredResults(user_key);
  const bool same = EqualsStored(user_key);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == removed) {
      Emit(RowKind::kDelete, rows[i], before);
    } else if (!same) {
      Emit(RowKind::kUpdateBefore, rows[i], before);
      Emit(RowKind::kUpdateAfter, rows[i], results);
    }
  }
  const auto behind = std::next(group);
  held_rows_.EraseLater(SortedPartitions::UserKey(sort_key, numbers[removed]));
  partitions_.Remove(sort_key, numbers[removed]);
  if (numbers.size() == 1) {
    held_accumulators_.EraseLater(user_key);
  } else {
    CASTOR_RETURN_NOT_OK(Store(user_key));
  }
  GoOnBehind(behind);
  return Status::OK();
}

Status SortedOver::UpdateRangesBehind() {
  for (; behind_ != held_end_; ++behind_) {
    const auto& [sort_key, numbers] = *behind_;
    std::vector<std::string_view> rows(numbers.size());
    for (size_t i = 0; i < numbers.size(); ++i) {
      rows[i] = RowAt(sort_key, numbers[i]);
      CASTOR_RETURN_NOT_OK(AddRow(rows[i]));
    }
    if (EqualsStored(sort_key)) {
      goes_on_ = false;
      return Status::OK();
    }
    const std::string results = Results();
    const std::string before = StoredResults(sort_key);
    for (const std::string_view row : rows) {
      Emit(RowKind::kUpdateBefore, row, before);
      Emit(RowKind::kUpdateAfter, row, results);
    }
    CASTOR_RETURN_NOT_OK(Store(sort_key));
  }
  return Status::OK();
}

Status SortedOver::AddToRows(std::string_view sort_key, std::string_view bytes, RowKind kind) {
  const auto group = sorted().find(sort_key);
  const Numbers& numbers = group->second;
  CASTOR_RETURN_NOT_OK(StartFrom(RowBefore(group, numbers.size() - 1)));
  CASTOR_RETURN_NOT_OK(AddRow(bytes));
  Emit(kind, bytes, Results());
  CASTOR_RETURN_NOT_OK(Store(SortedPartitions::UserKey(sort_key, numbers.back())));
  GoOnBehind(std::next(group));
  return Status::OK();
}

Status SortedOver::RemoveFromRows(std::string_view sort_key, std::string_view bytes) {
  const auto group = sorted().find(sort_key);
  if (group == sorted().end()) return Status::OK();
  const Numbers numbers = group->second;
  size_t removed = 0;
  while (removed < numbers.size() && RowAt(sort_key, numbers[removed]) != bytes) ++removed;
  if (removed == numbers.size()) return Status::OK();
  CASTOR_RETURN_NOT_OK(StartFrom(RowBefore(group, removed)));
  const std::string removed_key = SortedPartitions::UserKey(sort_key, numbers[removed]);
  Emit(RowKind::kDelete, bytes, StoredResults(removed_key));
  for (size_t i = removed + 1; i < numbers.size(); ++i) {
    const std::string_view row = RowAt(sort_key, numbers[i]);
    CASTOR_RETURN_NOT_OK(AddRow(row));
    const std::string user_key = SortedPartitions::UserKey(sort_key, numbers[i]);
    const std::string results = Results();
    const std::string before = StoredResults(user_key);
    if (results == before) break;
    Emit(RowKind::kUpdateBefore, row, before);
    Emit(RowKind::kUpdateAfter, row, results);
    CASTOR_RETURN_NOT_OK(Store(user_key));
  }
  const auto behind = std::next(group);
  held_rows_.EraseLater(removed_key);
  held_accumulators_.EraseLater(removed_key);
  partitions_.Remove(sort_key, numbers[removed]);
  GoOnBehind(behind);
  return Status::OK();
}

Status SortedOver::UpdateRowsBehind() {
  for (; behind_ != held_end_; ++behind_) {
    for (const uint64_t number : behind_->second) {
      const std::string_view row = RowAt(behind_->first, number);
      CASTOR_RETURN_NOT_OK(AddRow(row));
      const std::string user_key = SortedPartitions::UserKey(behind_->first, number);
      const std::string results = Results();
      const std::string before = StoredResults(user_key);
      if (results == before) {
        goes_on_ = false;
        return Status::OK();
      }
      Emit(RowKind::kUpdateBefore, row, before);
      Emit(RowKind::kUpdateAfter, row, results);
      CASTOR_RETURN_NOT_OK(Store(user_key));
    }
  }
  return Status::OK();
}

const std::string* SortedOver::RangeBefore(SortedRows::const_iterator group) {
  return group == sorted().begin() ? nullptr : &std::prev(group)->first;
}

// The row before the one at `index` of the group.
const std::string* SortedOver::RowBefore(SortedRows::const_iterator group, size_t index) {
  if (index == 0) {
    if (group == sorted().begin()) return nullptr;
    --group;
    index = group->second.size();
  }
  user_key_ = SortedPartitions::UserKey(group->first, group->second[index - 1]);
  return &user_key_;
}

Status SortedOver::StartFrom(const std::string* user_key) {
  io_->Reset(record_);
  if (user_key == nullptr) return Status::OK();
  const std::byte* stored = held_accumulators_.At(*user_key);
  return aggregates_->CopyRecords(&record_, &stored, 1);
}

Status SortedOver::AddRow(std::string_view bytes) {
  const char* row = bytes.data();
  Batch one(1, row_encoder_.Decode({&row, 1}));
  CASTOR_RETURN_NOT_OK(AppendConstants(*constants_, node_.constants.size(), &one));
  aggregate::RowUpdates updates;
  updates.records = &record_;
  updates.keys = &keys_;
  updates.key_rows = &row_;
  // Maps in memory are never pending.
  return aggregates_->Accumulate(one, updates).status();
}

Status SortedOver::Store(const std::string& user_key) {
  std::byte* stored = held_accumulators_.At(user_key);
  CASTOR_RETURN_NOT_OK(state_aggregates_->Reset(&stored, 1));
  return state_aggregates_->CopyRecords(&stored, &record_, 1);
}

std::string SortedOver::Results() {
  results_encoder_.Encode(Batch(1, aggregates_->Values(&record_, 1)));
  return std::string(results_encoder_.row(0));
}

std::string SortedOver::StoredResults(const std::string& user_key) {
  const std::byte* stored = held_accumulators_.At(user_key);
  results_encoder_.Encode(Batch(1, state_aggregates_->Values(&stored, 1)));
  return std::string(results_encoder_.row(0));
}

std::string SortedOver::Encoded(const std::byte* record) const {
  const BinaryRowCodec codec(aggregates_->accumulator_types());
  EncodedRows rows;
  codec.Encode(aggregates_->Accumulators(&record, 1), 1, &rows);
  return std::string(rows.row(0));
}

bool SortedOver::EqualsStored(const std::string& user_key) const {
  return Encoded(held_accumulators_.At(user_key)) == Encoded(record_);
}

std::string_view SortedOver::RowAt(std::string_view sort_key, uint64_t number) const {
  const std::string user_key = SortedPartitions::UserKey(sort_key, number);
  return reinterpret_cast<const state::Blob*>(held_rows_.At(user_key))->view();
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
