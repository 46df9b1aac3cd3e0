// How the task reads and changes its state.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "flink/state-backend/native/keyed_store.h"
#include "flink/state-backend/native/keyed_store_walks.h"

namespace castor::flink {
namespace {

constexpr std::array<int32_t, 1> kFirstRow{0};

}  // namespace

Result<const KeyedStore::Table*> KeyedStore::Find(Key key, Kind kind) const {
  if (closed_.load(std::memory_order_relaxed)) return Status::Cancelled("state is closed");
  const Table* table = key.table < tables_.size() ? &tables_[key.table] : nullptr;
  if (table == nullptr || table->kind != kind) {
    return Status::Internal("a state of another kind is accessed");
  }
  return table;
}

const gemini::Keys& KeyedStore::Address(Key key) {
  offsets_[1] = key.bytes;
  hash_of_key_ = static_cast<int32_t>(hash_.Of(key.group, exchange_.At(0, key.bytes)));
  keys_ = {exchange_.data(), 0, offsets_, &hash_of_key_, 1};
  return keys_;
}

Result<int64_t> KeyedStore::Reply(std::string_view bytes) {
  size_t size = 0;
  exchange_.Append(bytes, &size);
  return static_cast<int64_t>(size);
}

void KeyedStore::SetBlob(const Table& table, std::byte* payload, std::string_view value) {
  auto* const blob = reinterpret_cast<gemini::Blob*>(payload);
  if (table.records != nullptr) {
    table.records->SetBlob(blob, value);
  } else {
    table.entries->SetBlob(blob, value);
  }
}

int64_t KeyedStore::TimeOf(const Table& table, std::string_view value, size_t offset) {
  if (table.ttl_ms == 0) return kNoExpiry;
  uint64_t time;
  if (value.size() < offset + sizeof(time)) return now_;
  std::memcpy(&time, value.data() + offset, sizeof(time));
  const auto written = static_cast<int64_t>(__builtin_bswap64(time));
  now_ = std::max(now_, written);
  return written;
}

Result<int64_t> KeyedStore::Get(Key key) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kValue));
  std::byte* payload = nullptr;
  CASTOR_RETURN_NOT_OK(ReadValue(*table, Address(key), &payload));
  Result<int64_t> size = payload == nullptr ? kAbsent : Reply(BlobOf(payload));
  Done(0);
  return size;
}

Status KeyedStore::ReadValue(const Table& table, const gemini::Keys& keys, std::byte** payload) {
  return Await([&] {
    return store_->Acquire(table.records, keys, gemini::Access::kRead, kNoExpiry, payload, nullptr);
  });
}

Status KeyedStore::Put(Key key, uint32_t value_bytes) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kValue));
  const std::string_view value = exchange_.At(key.bytes, value_bytes);
  const int64_t time = TimeOf(*table, value, 0);
  std::byte* payload = nullptr;
  const gemini::Keys& keys = Address(key);
  CASTOR_RETURN_NOT_OK(Await([&] {
    return store_->Acquire(table->records, keys, gemini::Access::kOverwrite, time, &payload,
                           nullptr);
  }));
  SetBlob(*table, payload, value);
  Done(key.bytes + value_bytes);
  return Status::OK();
}

Status KeyedStore::Remove(Key key) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kValue));
  store_->Erase(table->records, Address(key), kFirstRow);
  Done(key.bytes);
  return Status::OK();
}

Result<int64_t> KeyedStore::GetEntry(Key key, uint32_t user_key_bytes) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kMap));
  const std::string_view user_key = exchange_.At(key.bytes, user_key_bytes);
  const gemini::EntryKeys entry{Address(key), kFirstRow, {&user_key, 1}};
  std::byte* payload = nullptr;
  CASTOR_RETURN_NOT_OK(Await([&] {
    return store_->Acquire(table->entries, entry, gemini::Access::kRead, kNoExpiry, &payload,
                           nullptr);
  }));
  Result<int64_t> size = payload == nullptr ? kAbsent : Reply(BlobOf(payload));
  Done(0);
  return size;
}

Status KeyedStore::PutEntry(Key key, uint32_t user_key_bytes, uint32_t value_bytes) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kMap));
  const std::string_view value = exchange_.At(key.bytes + user_key_bytes, value_bytes);
  const int64_t time = TimeOf(*table, value, kNullFlagBytes);
  const std::string_view user_key = exchange_.At(key.bytes, user_key_bytes);
  const gemini::EntryKeys entry{Address(key), kFirstRow, {&user_key, 1}};
  std::byte* payload = nullptr;
  CASTOR_RETURN_NOT_OK(Await([&] {
    return store_->Acquire(table->entries, entry, gemini::Access::kOverwrite, time, &payload,
                           nullptr);
  }));
  SetBlob(*table, payload, value);
  Done(key.bytes + user_key_bytes + value_bytes);
  return Status::OK();
}

Status KeyedStore::RemoveEntry(Key key, uint32_t user_key_bytes) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kMap));
  const std::string_view user_key = exchange_.At(key.bytes, user_key_bytes);
  store_->Erase(table->entries, {Address(key), kFirstRow, {&user_key, 1}});
  Done(key.bytes + user_key_bytes);
  return Status::OK();
}

// Visits entries until it is told to stop.
template <typename Visit>
Status KeyedStore::Walk(const Table& table, const gemini::Keys& keys, const Visit& visit) {
  CASTOR_RETURN_NOT_OK(
      Await([&] { return store_->Locate(table.entries, keys, kFirstRow, &handles_); }));
  WalkLocated(table, handles_[0], visit);
  return Status::OK();
}

template <typename Extend>
Status KeyedStore::ReadEntries(const Table& table, const gemini::Keys& keys, const Extend& extend) {
  return Walk(table, keys, [&](const gemini::EntryView& entry) {
    AddEntry(entry, extend);
    return true;
  });
}

Result<int64_t> KeyedStore::Entries(Key key) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kMap));
  size_t size = 0;
  const Status walked = ReadEntries(*table, Address(key),
                                    [&](size_t bytes) { return exchange_.Extend(bytes, &size); });
  Done(0);
  CASTOR_RETURN_NOT_OK(walked);
  return static_cast<int64_t>(size);
}

Status KeyedStore::Append(Key key, uint32_t bytes, int64_t time) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kList));
  const std::string_view element = exchange_.At(key.bytes, bytes);
  if (table->ttl_ms > 0) now_ = std::max(now_, time);
  store_->Append(table->entries, {Address(key), kFirstRow, {&element, 1}}, time, nullptr);
  Done(key.bytes + bytes);
  return Status::OK();
}

template <typename Extend>
Status KeyedStore::ReadElements(const Table& table, const gemini::Keys& keys,
                                const Extend& extend) {
  bool any = false;
  return Walk(table, keys, [&](const gemini::EntryView& entry) {
    AddElement(entry, std::exchange(any, true), extend);
    return true;
  });
}

Result<int64_t> KeyedStore::Elements(Key key) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kList));
  size_t size = 0;
  bool any = false;
  const Status walked = ReadElements(*table, Address(key), [&](size_t bytes) {
    any = true;
    return exchange_.Extend(bytes, &size);
  });
  Done(0);
  CASTOR_RETURN_NOT_OK(walked);
  return any ? static_cast<int64_t>(size) : kAbsent;
}

Result<std::optional<std::string>> KeyedStore::Query(uint32_t table_number, uint32_t group,
                                                     std::string_view key) {
  const std::lock_guard lock(mutex_);
  const Kind kind = table_number < tables_.size() ? tables_[table_number].kind : Kind::kValue;
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find({table_number, group, 0}, kind));
  const uint32_t offsets[] = {0, static_cast<uint32_t>(key.size())};
  const auto hash = static_cast<int32_t>(hash_.Of(group, key));
  const gemini::Keys keys{key.data(), 0, offsets, &hash, 1};
  std::optional<std::string> found;
  const auto extend = [&](size_t bytes) {
    if (!found) found.emplace();
    const size_t size = found->size();
    found->resize(size + bytes);
    return found->data() + size;
  };
  Status status;
  std::byte* payload = nullptr;
  switch (kind) {
    case Kind::kValue:
      status = ReadValue(*table, keys, &payload);
      if (status.ok() && payload != nullptr) found.emplace(BlobOf(payload));
      break;
    case Kind::kMap:
      status = ReadEntries(*table, keys, extend);
      break;
    case Kind::kList:
      status = ReadElements(*table, keys, extend);
      break;
    case Kind::kTimers:
      status = Status::Internal("timers cannot be queried");
      break;
  }
  store_->Release();
  CASTOR_RETURN_NOT_OK(status);
  return found;
}

Result<bool> KeyedStore::HasEntries(Key key) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, Kind::kMap));
  bool any = false;
  const Status walked = Walk(*table, Address(key), [&](const gemini::EntryView&) {
    any = true;
    return false;
  });
  Done(0);
  CASTOR_RETURN_NOT_OK(walked);
  return any;
}

Status KeyedStore::Clear(Key key) {
  const std::lock_guard lock(mutex_);
  const Kind kind = key.table < tables_.size() ? tables_[key.table].kind : Kind::kMap;
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find(key, kind));
  if (table->entries == nullptr) {
    return Status::Internal("what is no map and no list is cleared as such");
  }
  store_->Clear(table->entries, Address(key), kFirstRow);
  Done(key.bytes);
  return Status::OK();
}

}  // namespace castor::flink
