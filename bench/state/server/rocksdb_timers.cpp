#include "bench/state/server/rocksdb_timers.h"

#include <iterator>
#include <memory>

#include "bench/state/server/check.h"
#include "bench/state/server/values.h"

namespace castor::bench {
namespace {

constexpr size_t kTimeAt = 1, kKeyAt = kTimeAt + 8, kNamespaceAt = kKeyAt + kKeyBytes;

std::string Compose(uint32_t group, uint64_t time, uint64_t key, uint64_t name_space) {
  std::string bytes(kNamespaceAt + 8, '\0');
  bytes[0] = static_cast<char>(group);
  const uint64_t ordered = __builtin_bswap64(time);
  std::memcpy(&bytes[kTimeAt], &ordered, 8);
  WriteKey(key, &bytes[kKeyAt]);
  std::memcpy(&bytes[kNamespaceAt], &name_space, 8);
  return bytes;
}

}  // namespace

uint64_t RocksDbTimers::TimeOf(const std::string& bytes) {
  return __builtin_bswap64(WordAt(&bytes[kTimeAt]));
}

RocksDbTimers::RocksDbTimers(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* family)
    : db_(db), family_(family) {
  write_.disableWAL = true;
  for (uint32_t group = 0; group < Side::kKeyGroups; ++group) {
    queues_[group].seek_hint.assign(1, static_cast<char>(group));
    Refill(group);
  }
}

void RocksDbTimers::Register(uint64_t time, uint64_t key, uint64_t name_space) {
  const uint32_t group = HashOfKey(key) % Side::kKeyGroups;
  Queue& queue = queues_[group];
  std::string bytes = Compose(group, time, key, name_space);
  Check(batch_.Put(family_, bytes, {}));
  Written();
  const bool full = queue.cached.size() >= kCached;
  const bool early = !queue.cached.empty() && bytes < *queue.cached.rbegin();
  if ((!full && queue.all_cached) || early) {
    if (full) {
      queue.cached.erase(std::prev(queue.cached.end()));
      queue.all_cached = false;
    }
    queue.cached.insert(std::move(bytes));
    FirstChanged(group);
  } else {
    if (bytes < queue.seek_hint) queue.seek_hint = bytes;
    queue.all_cached = false;
    if (queue.cached.empty()) Refill(group);
  }
}

bool RocksDbTimers::PopDue(uint64_t until, Timer* timer) {
  if (firsts_.empty() || firsts_.begin()->first > until) return false;
  const uint32_t group = firsts_.begin()->second;
  Queue& queue = queues_[group];
  const std::string bytes = std::move(queue.cached.extract(queue.cached.begin()).value());
  Check(batch_.Delete(family_, bytes));
  Written();
  *timer = {TimeOf(bytes), WordAt(&bytes[kKeyAt + 8]), WordAt(&bytes[kNamespaceAt])};
  if (queue.cached.empty()) {
    queue.seek_hint = bytes;
    if (!queue.all_cached) Refill(group);
  }
  FirstChanged(group);
  return true;
}

void RocksDbTimers::Refill(uint32_t group) {
  Flush();
  Queue& queue = queues_[group];
  const std::unique_ptr<rocksdb::Iterator> iterator(db_->NewIterator({}, family_));
  iterator->Seek(queue.seek_hint);
  while (queue.cached.size() < kCached && iterator->Valid() &&
         static_cast<uint8_t>(iterator->key()[0]) == group) {
    queue.cached.insert(queue.cached.end(), iterator->key().ToString());
    iterator->Next();
  }
  Check(iterator->status());
  queue.all_cached = queue.cached.size() < kCached;
  FirstChanged(group);
}

void RocksDbTimers::FirstChanged(uint32_t group) {
  Queue& queue = queues_[group];
  const uint64_t first = queue.cached.empty() ? kNever : TimeOf(*queue.cached.begin());
  if (first == queue.first) return;
  if (queue.first != kNever) firsts_.erase({queue.first, group});
  if (first != kNever) firsts_.insert({first, group});
  queue.first = first;
}

void RocksDbTimers::Written() {
  if (batch_.Count() >= kBatched) Flush();
}

void RocksDbTimers::Flush() {
  Check(db_->Write(write_, &batch_));
  batch_.Clear();
}

}  // namespace castor::bench
