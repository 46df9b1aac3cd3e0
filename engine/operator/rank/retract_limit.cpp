#include "operator/rank/retract_limit.h"

#include <cstring>
#include <utility>

#include "operator/api/marks.h"

namespace castor {

struct RetractLimit::Shown {
  state::Blob rows;       // a RowList
  int64_t count;          // of rows in it
  int64_t waiting;        // rows behind the limit
  uint64_t first_number;  // no row behind the limit has a lower number
  uint64_t next_number;
};

namespace {

constexpr int32_t kKeyRow[] = {0};

// Big-endian, so that bytes sort as numbers do.
std::string NumberKey(uint64_t number) {
  const uint64_t swapped = __builtin_bswap64(number);
  return {reinterpret_cast<const char*>(&swapped), sizeof(swapped)};
}

uint64_t FirstNumber(const state::Blob& numbers) {
  uint64_t first = 0;
  std::memcpy(&first, numbers.view().data(), sizeof(first));
  return first;
}

Result<state::Readiness> Acquire(state::MapState* entries, const state::KeyBatch& key,
                                 std::string_view user_key, state::AccessMode mode,
                                 state::Blob** blob) {
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          entries->Acquire(key, kKeyRow, {&user_key, 1}, mode, &record, nullptr));
  *blob = reinterpret_cast<state::Blob*>(record);
  return readiness;
}

}  // namespace

RetractLimit::RetractLimit(const plan::Rank& node, const LogicalType& input)
    : start_(node.start),
      end_(node.end),
      update_before_(node.generate_update_before),
      ttl_ms_(node.StateTtlMs(0)),
      encoder_(input, {}) {}

Status RetractLimit::Open(OperatorContext& context) {
  state::StateDescriptor descriptor;
  descriptor.name = "limitRows";
  descriptor.layout.fixed_size = sizeof(Shown);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = encoder_.schema() + ", count, waiting, first number, next number";
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(shown_, context.state().OpenValue(descriptor));
  descriptor.name = "limitWaiting";
  descriptor.layout.fixed_size = sizeof(state::Blob);
  descriptor.schema = "number BIGINT -> " + encoder_.schema();
  CASTOR_ASSIGN_OR_RETURN(waiting_, context.state().OpenMap(descriptor));
  descriptor.name = "limitNumbers";
  descriptor.schema = encoder_.schema() + " -> numbers BIGINT";
  CASTOR_ASSIGN_OR_RETURN(numbers_, context.state().OpenMap(descriptor));
  const state::KeyEncoder keys(LogicalType::Row({}, false), {});
  keys.Encode(Batch(1, {}), &key_);
  return Status::OK();
}

Result<Progress> RetractLimit::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  row_ = 0;
  encoder_.Encode(batch_);
  return Continue(out);
}

Result<Progress> RetractLimit::Continue(Output& out) {
  for (; row_ < batch_.num_rows; ++row_) {
    CASTOR_ASSIGN_OR_RETURN(const bool ready, ProcessRow(row_));
    if (!ready) return Progress::kPending;
  }
  if (output_.empty()) {
    EmitMarks(batch_.marks, out);
  } else {
    out.Emit(output_.Take(encoder_, batch_.marks));
  }
  batch_ = Batch();
  return Progress::kDone;
}

Result<bool> RetractLimit::ProcessRow(int32_t row) {
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      shown_->Acquire(key_, state::AccessMode::kFindOrCreate, &record, nullptr));
  if (readiness == state::Readiness::kPending) return false;
  auto* shown = reinterpret_cast<Shown*>(record);
  Result<bool> done = IsAccumulate(batch_.kind(row)) ? Add(row, shown) : Retract(row, shown);
  shown_->Release();
  return done;
}

Result<bool> RetractLimit::Add(int32_t row, Shown* shown) {
  const std::string_view bytes = encoder_.row(row);
  if (shown->count == end_) return AppendWaiting(bytes, shown);
  scratch_.assign(shown->rows.view());
  RowList::Append(RowKind::kInsert, bytes, {}, &scratch_);
  CASTOR_RETURN_NOT_OK(shown_->SetBlob(&shown->rows, scratch_));
  if (++shown->count >= start_) output_.Emit(RowKind::kInsert, bytes, row);
  return true;
}

Result<bool> RetractLimit::AppendWaiting(std::string_view row, Shown* shown) {
  state::Blob* numbers = nullptr;
  state::Blob* waiting = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness known,
                          Acquire(numbers_, key_, row, state::AccessMode::kFindOrCreate, &numbers));
  if (known == state::Readiness::kPending) return false;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness stored,
                          Acquire(waiting_, key_, NumberKey(shown->next_number),
                                  state::AccessMode::kFindOrCreate, &waiting));
  const bool ready = stored == state::Readiness::kReady;
  if (ready) {
    scratch_.assign(numbers->view());
    scratch_.append(reinterpret_cast<const char*>(&shown->next_number), sizeof(uint64_t));
    CASTOR_RETURN_NOT_OK(numbers_->SetBlob(numbers, scratch_));
    CASTOR_RETURN_NOT_OK(waiting_->SetBlob(waiting, row));
    shown->next_number++;
    shown->waiting++;
    waiting_->Release();
  }
  numbers_->Release();
  return ready;
}

Result<bool> RetractLimit::Retract(int32_t row, Shown* shown) {
  const RowList list(shown->rows.view());
  RowList::Entry found, before;
  if (!list.Find(encoder_.row(row), {}, &found, &before)) {
    return RemoveWaiting(encoder_.row(row), shown);
  }
  Waiting first;
  const bool moves_up = shown->waiting > 0;
  if (moves_up) {
    CASTOR_ASSIGN_OR_RETURN(const bool known, FindFirstWaiting(shown, &first));
    if (!known) return false;
    CASTOR_ASSIGN_OR_RETURN(const bool removed, RemoveWaiting(first.row, shown));
    if (!removed) return false;
  }
  CASTOR_RETURN_NOT_OK(RemoveShown(row, found, moves_up ? &first.row : nullptr, shown));
  return true;
}

// Numbers of rows that have gone are gaps; each is passed over once.
Result<bool> RetractLimit::FindFirstWaiting(Shown* shown, Waiting* first) {
  while (true) {
    state::Blob* waiting = nullptr;
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                            Acquire(waiting_, key_, NumberKey(shown->first_number),
                                    state::AccessMode::kFind, &waiting));
    if (readiness == state::Readiness::kPending) return false;
    if (waiting != nullptr) {
      *first = {std::string(waiting->view()), shown->first_number};
      waiting_->Release();
      return true;
    }
    waiting_->Release();
    shown->first_number++;
  }
}

// The first of the equal rows behind the limit. A row that is nowhere was forgotten by the TTL.
Result<bool> RetractLimit::RemoveWaiting(std::string_view row, Shown* shown) {
  state::Blob* numbers = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          Acquire(numbers_, key_, row, state::AccessMode::kFind, &numbers));
  if (readiness == state::Readiness::kPending) return false;
  if (numbers == nullptr) {
    numbers_->Release();
    return true;
  }
  const std::string number = NumberKey(FirstNumber(*numbers));
  scratch_.assign(numbers->view().substr(sizeof(uint64_t)));
  const Status status = numbers_->SetBlob(numbers, scratch_);
  numbers_->Release();
  CASTOR_RETURN_NOT_OK(status);
  if (scratch_.empty()) numbers_->Erase(key_, kKeyRow, {&row, 1});
  const std::string_view number_key = number;
  waiting_->Erase(key_, kKeyRow, {&number_key, 1});
  shown->waiting--;
  return true;
}

// `next` takes the place that becomes free at the end; null: nothing waits.
Status RetractLimit::RemoveShown(int32_t row, const RowList::Entry& removed,
                                 const std::string* next, Shown* shown) {
  const RowList list(shown->rows.view());
  if (start_ > 1) {
    EmitShift(row, list, removed, next);
  } else {
    output_.Emit(RowKind::kDelete, removed.row, row);
    if (next != nullptr) output_.Emit(RowKind::kInsert, *next, row);
  }
  list.Without(removed, &scratch_);
  if (next != nullptr) {
    RowList::Append(RowKind::kInsert, *next, {}, &scratch_);
  } else {
    shown->count--;
  }
  return shown_->SetBlob(&shown->rows, scratch_);
}

// With an offset, Flink numbers the rows: each row behind the removed one takes the place of the
// row before it, and the last place becomes free unless a row moves up.
void RetractLimit::EmitShift(int32_t row, const RowList& list, const RowList::Entry& removed,
                             const std::string* next) {
  std::string_view previous = removed.row;
  int64_t rank = 0;
  const auto replace = [&](std::string_view by) {
    if (rank >= start_) {
      if (update_before_) output_.Emit(RowKind::kUpdateBefore, previous, row);
      output_.Emit(RowKind::kUpdateAfter, by, row);
    }
    previous = by;
    ++rank;
  };
  for (size_t offset = 0; offset < list.size();) {
    const RowList::Entry entry = list.At(offset);
    offset = entry.end();
    if (entry.offset <= removed.offset) {
      ++rank;
    } else {
      replace(entry.row);
    }
  }
  if (next != nullptr) {
    replace(*next);
  } else if (rank >= start_) {
    output_.Emit(RowKind::kDelete, previous, row);
  }
}

}  // namespace castor
