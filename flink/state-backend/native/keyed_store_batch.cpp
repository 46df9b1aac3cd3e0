// Accesses in batches: those of one kind and table go to Gemini together, so that all that is cold
// of them is read at once.
#include <algorithm>

#include "flink/state-backend/native/keyed_store.h"
#include "flink/state-backend/native/keyed_store_walks.h"

namespace castor::flink {
namespace {

constexpr size_t kMostTogether = 1024;
constexpr size_t kMostWalkedTogether = 128;  // keys of which everything is read

bool Walks(RequestKind kind) {
  return kind == RequestKind::kEntries || kind == RequestKind::kHasEntries ||
         kind == RequestKind::kElements;
}

KeyedStore::Kind KindOf(RequestKind kind) {
  switch (kind) {
    case RequestKind::kGet:
    case RequestKind::kPut:
    case RequestKind::kRemove:
      return KeyedStore::Kind::kValue;
    case RequestKind::kElements:
    case RequestKind::kAppend:
      return KeyedStore::Kind::kList;
    default:
      return KeyedStore::Kind::kMap;
  }
}

}  // namespace

Result<int64_t> KeyedStore::Run(RequestBatch* batch, size_t message_bytes) {
  CASTOR_RETURN_NOT_OK(batch->Parse(batch->message().At(0, message_bytes)));
  batch->BeginAnswers();
  const std::lock_guard lock(mutex_);
  const std::vector<Request>& requests = batch->requests();
  std::span<const uint32_t> rest = batch->by_table();
  while (!rest.empty()) {
    const Request& first = requests[rest[0]];
    const size_t most = Walks(first.kind) ? kMostWalkedTogether : kMostTogether;
    CASTOR_ASSIGN_OR_RETURN(const Table* table, TableOf(first));
    const int64_t time = TimeOf(*table, first);
    size_t together = 1;
    while (together < std::min(most, rest.size())) {
      const Request& next = requests[rest[together]];
      if (next.table != first.table || next.kind != first.kind) break;
      if (table->ttl_ms > 0 && TimeOf(*table, next) != time) break;
      ++together;
    }
    CASTOR_RETURN_NOT_OK(RunTogether(*table, first.kind, time, rest.first(together), batch));
    rest = rest.subspan(together);
  }
  return batch->EndAnswers();
}

Result<const KeyedStore::Table*> KeyedStore::TableOf(const Request& request) const {
  Kind kind = KindOf(request.kind);
  if (request.kind == RequestKind::kClear && request.table < tables_.size()) {
    kind = tables_[request.table].kind == Kind::kList ? Kind::kList : Kind::kMap;
  }
  return Find({request.table, 0, 0}, kind);
}

int64_t KeyedStore::TimeOf(const Table& table, const Request& request) {
  switch (request.kind) {
    case RequestKind::kPut:
      return TimeOf(table, request.value, 0);
    case RequestKind::kPutEntry:
      return TimeOf(table, request.value, kNullFlagBytes);
    case RequestKind::kAppend:
      if (table.ttl_ms > 0) now_ = std::max(now_, request.time);
      return request.time;
    default:
      return kNoExpiry;
  }
}

size_t KeyedStore::Together::Gather(const std::vector<Request>& requests,
                                    std::span<const uint32_t> numbers, const GroupHash& hash) {
  key_bytes.clear();
  offsets.assign(1, 0);
  hashes.clear();
  rows.clear();
  user_keys.clear();
  size_t written = 0;
  for (const uint32_t number : numbers) {
    const Request& request = requests[number];
    key_bytes.append(request.key);
    offsets.push_back(static_cast<uint32_t>(key_bytes.size()));
    hashes.push_back(static_cast<int32_t>(hash.Of(request.group, request.key)));
    rows.push_back(static_cast<int32_t>(rows.size()));
    user_keys.push_back(request.kind == RequestKind::kAppend ? request.value : request.user_key);
    written += request.key.size() + request.user_key.size() + request.value.size();
  }
  payloads.assign(numbers.size(), nullptr);
  keys = {key_bytes.data(), 0, offsets.data(), hashes.data(), numbers.size()};
  return written;
}

Status KeyedStore::RunTogether(const Table& table, RequestKind kind, int64_t time,
                               std::span<const uint32_t> numbers, RequestBatch* batch) {
  const std::vector<Request>& requests = batch->requests();
  const size_t bytes = together_.Gather(requests, numbers, hash_);
  const gemini::Keys& keys = together_.keys;
  const gemini::EntryKeys entries{keys, together_.rows, together_.user_keys};
  std::byte** const payloads = together_.payloads.data();
  const auto acquire = [&](gemini::Access access) {
    return Await([&] {
      return table.records != nullptr
                 ? store_->Acquire(table.records, keys, access, time, payloads, nullptr)
                 : store_->Acquire(table.entries, entries, access, time, payloads, nullptr);
    });
  };
  size_t written = 0;
  Status status;
  switch (kind) {
    case RequestKind::kGet:
    case RequestKind::kGetEntry:
      status = acquire(gemini::Access::kRead);
      for (size_t i = 0; i < numbers.size() && status.ok(); ++i) {
        if (payloads[i] == nullptr) {
          batch->AnswerSize(numbers[i], kAbsent);
          continue;
        }
        batch->BeginAnswer();
        batch->AddToAnswer(BlobOf(payloads[i]));
        batch->EndAnswer(numbers[i]);
      }
      break;
    case RequestKind::kPut:
    case RequestKind::kPutEntry:
      written = bytes;
      status = acquire(gemini::Access::kOverwrite);
      for (size_t i = 0; i < numbers.size() && status.ok(); ++i) {
        SetBlob(table, payloads[i], requests[numbers[i]].value);
      }
      break;
    case RequestKind::kRemove:
      written = bytes;
      store_->Erase(table.records, keys, together_.rows);
      break;
    case RequestKind::kRemoveEntry:
      written = bytes;
      store_->Erase(table.entries, entries);
      break;
    case RequestKind::kClear:
      written = bytes;
      store_->Clear(table.entries, keys, together_.rows);
      break;
    case RequestKind::kAppend:
      written = bytes;
      store_->Append(table.entries, entries, time, nullptr);
      break;
    case RequestKind::kEntries:
    case RequestKind::kHasEntries:
    case RequestKind::kElements:
      status =
          Await([&] { return store_->Locate(table.entries, keys, together_.rows, &handles_); });
      if (status.ok()) AnswerWalks(table, kind, numbers, batch);
      break;
  }
  accesses_ += numbers.size() - 1;
  Done(written);
  return status;
}

void KeyedStore::AnswerWalks(const Table& table, RequestKind kind,
                             std::span<const uint32_t> numbers, RequestBatch* batch) {
  const auto extend = [&](size_t bytes) { return batch->ExtendAnswer(bytes); };
  for (size_t i = 0; i < numbers.size(); ++i) {
    bool any = false;
    batch->BeginAnswer();
    WalkLocated(table, handles_[i], [&](const gemini::EntryView& entry) {
      if (kind == RequestKind::kEntries) AddEntry(entry, extend);
      if (kind == RequestKind::kElements) AddElement(entry, any, extend);
      any = true;
      return kind != RequestKind::kHasEntries;
    });
    if (kind == RequestKind::kHasEntries) {
      batch->AnswerSize(numbers[i], any ? 1 : 0);
    } else if (!any && kind == RequestKind::kElements) {
      batch->AnswerSize(numbers[i], kAbsent);
    } else {
      batch->EndAnswer(numbers[i]);
    }
  }
}

}  // namespace castor::flink
