#include "operator/sink/conflict_materializer.h"

#include <algorithm>
#include <utility>

#include "operator/sink/key_text.h"

namespace castor {
namespace {

constexpr TimestampMs kOnlyWindow = 0;
constexpr size_t kPageKeys = 1024;

LogicalType KeyType(const LogicalType& row, const std::vector<int32_t>& fields) {
  std::vector<LogicalType::Field> key;
  for (const int32_t field : fields) key.push_back(row.fields()[static_cast<size_t>(field)]);
  return LogicalType::Row(std::move(key), false);
}

void AddKey(std::string_view key, state::KeyBatch* keys) {
  if (keys->rows.offsets.empty()) keys->rows.offsets.push_back(0);
  keys->rows.bytes.insert(keys->rows.bytes.end(), key.begin(), key.end());
  keys->rows.offsets.push_back(static_cast<uint32_t>(keys->rows.bytes.size()));
  keys->rows.count++;
  keys->hashes.push_back(HashBinaryRow(key));
}

state::Blob& BlobOf(std::byte* record) { return *reinterpret_cast<state::Blob*>(record); }

}  // namespace

ConflictMaterializer::ConflictMaterializer(const plan::Sink& node, const LogicalType& input)
    : fail_(node.conflict_strategy == "ERROR"),
      ttl_ms_(node.StateTtlMs(0)),
      key_type_(KeyType(input, node.primary_key)),
      key_encoder_(input, node.primary_key),
      encoder_(input, node.input_upsert_key) {}

Status ConflictMaterializer::Open(OperatorContext& context) {
  state::StateDescriptor pending;
  pending.name = "watermark-buffer";
  pending.layout.fixed_size = sizeof(state::Blob);
  pending.layout.blob_offsets = {0};
  pending.schema = "changes of " + encoder_.schema();
  CASTOR_ASSIGN_OR_RETURN(pending_, context.state().OpenWindow(pending));
  state::StateDescriptor current = pending;
  current.name = "current-value";
  current.schema = encoder_.schema();
  current.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(current_, context.state().OpenValue(current));
  return Status::OK();
}

void ConflictMaterializer::Accept(Batch batch) {
  batch_ = std::move(batch);
  keys_ = {};
  key_encoder_.Encode(batch_, &keys_);
  encoder_.Encode(batch_);
}

Result<Progress> ConflictMaterializer::Buffer() {
  const auto rows = static_cast<size_t>(batch_.num_rows);
  records_.resize(rows);
  windows_.assign(rows, kOnlyWindow);
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          pending_->Acquire(windows_, keys_, state::AccessMode::kFindOrCreate,
                                            records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  Status status;
  for (int32_t row = 0; row < batch_.num_rows && status.ok(); ++row) {
    status = BufferRow(row, &BlobOf(records_[static_cast<size_t>(row)]));
  }
  pending_->Release();
  CASTOR_RETURN_NOT_OK(status);
  batch_ = Batch();
  return Progress::kDone;
}

// A change and its opposite on the same row, whichever came first, cancel each other.
Status ConflictMaterializer::BufferRow(int32_t row, state::Blob* pending) {
  const RowKind kind = batch_.kind(row);
  const std::string_view bytes = encoder_.row(row);
  const RowList list(pending->view());
  for (size_t offset = 0; offset < list.size();) {
    const RowList::Entry entry = list.At(offset);
    if (IsAccumulate(entry.kind) != IsAccumulate(kind) && entry.row == bytes) {
      list.Without(entry, &scratch_);
      return pending_->SetBlob(pending, scratch_);
    }
    offset = entry.end();
  }
  scratch_.assign(pending->view());
  RowList::Append(kind, bytes, encoder_.match_key(row), &scratch_);
  return pending_->SetBlob(pending, scratch_);
}

void ConflictMaterializer::StartWatermark(TimestampMs watermark) {
  watermark_ = watermark;
  cursor_ = 0;
  page_.clear();
}

// The next keys that hold changes, with their records in `current_`. False: pending.
Result<bool> ConflictMaterializer::NextPage() {
  if (page_.empty()) {
    CASTOR_ASSIGN_OR_RETURN(
        const state::Readiness readiness,
        pending_->Scan(kOnlyWindow, state::AccessMode::kFind, &cursor_, kPageKeys, &page_));
    if (readiness == state::Readiness::kPending) return false;
    keys_ = {};
    for (const state::Record& changes : page_) AddKey(changes.key, &keys_);
  }
  if (page_.empty()) return true;
  records_.resize(page_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      current_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  return readiness == state::Readiness::kReady;
}

Result<Progress> ConflictMaterializer::Fire(Output& out) {
  while (!page_.empty() || cursor_ != state::KeyEntries::kEndOfEntries) {
    CASTOR_ASSIGN_OR_RETURN(const bool ready, NextPage());
    if (!ready) return Progress::kPending;
    if (page_.empty()) continue;
    Status status;
    std::vector<int32_t> absent;
    for (size_t i = 0; i < page_.size() && status.ok(); ++i) {
      state::Blob& current = BlobOf(records_[i]);
      status = Compact(page_[i], &current);
      if (current.size == 0) absent.push_back(static_cast<int32_t>(i));
    }
    current_->Release();
    CASTOR_RETURN_NOT_OK(status);
    if (!absent.empty()) current_->Erase(keys_, absent);
    page_.clear();
    if (!output_.empty()) out.Emit(output_.Take(encoder_));
    if (out.Full()) return Progress::kOutputFull;
  }
  pending_->Drop(kOnlyWindow);
  out.EmitWatermark(watermark_);
  return Progress::kDone;
}

// The changes of one key applied to what was written last.
Status ConflictMaterializer::Compact(const state::Record& changes, state::Blob* current) {
  std::vector<RowList::Entry> rows;
  Collect(BlobOf(changes.data), *current, &rows);
  const bool written = current->size > 0;
  if (rows.size() > 1 && fail_) return Conflict(changes.key);
  if (rows.empty()) {
    if (written) {
      output_.Emit(RowKind::kDelete, RowList(current->view()).At(0).row);
      CASTOR_RETURN_NOT_OK(current_->SetBlob(current, {}));
    }
  } else if (!written || (rows.size() == 1 && rows[0].row != RowList(current->view()).At(0).row)) {
    output_.Emit(written ? RowKind::kUpdateAfter : RowKind::kInsert, rows[0].row);
    scratch_.clear();
    RowList::Append(RowKind::kInsert, rows[0].row, rows[0].match_key, &scratch_);
    CASTOR_RETURN_NOT_OK(current_->SetBlob(current, scratch_));
  }
  return pending_->SetBlob(&BlobOf(changes.data), {});
}

void ConflictMaterializer::Collect(const state::Blob& changes, const state::Blob& current,
                                   std::vector<RowList::Entry>* rows) const {
  if (current.size > 0) rows->push_back(RowList(current.view()).At(0));
  const RowList list(changes.view());
  for (size_t offset = 0; offset < list.size();) {
    const RowList::Entry change = list.At(offset);
    offset = change.end();
    const auto match = std::find_if(rows->begin(), rows->end(), [&](const RowList::Entry& row) {
      return row.Matches(change.row, change.match_key);
    });
    if (!IsAccumulate(change.kind)) {
      if (match != rows->end()) rows->erase(match);
    } else if (match != rows->end() && !change.match_key.empty()) {
      *match = change;
    } else {
      rows->push_back(change);
    }
  }
}

Status ConflictMaterializer::Conflict(std::string_view key) const {
  return Status::DataError(
      "Primary key constraint violation: multiple distinct records with the same primary key "
      "detected. Conflicting key: [" +
      KeyText(key_type_, key_encoder_.codec(), key) +
      "]. Use ON CONFLICT DO NOTHING to keep the first record");
}

}  // namespace castor
