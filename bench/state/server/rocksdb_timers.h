// Timers in a column family of RocksDB as Flink keeps them there: each key group has a queue, of
// which the first timers are cached in order; writes are collected in a batch.
//
// Follows Flink's RocksDBCachingPriorityQueueSet: 128 timers are cached, and an iterator starts
// behind the timer that was removed last, so that it does not see deletions.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "bench/state/server/side.h"

namespace castor::bench {

class RocksDbTimers {
 public:
  RocksDbTimers(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* family);

  // `name_space` follows the key.
  void Register(uint64_t time, uint64_t key, uint64_t name_space = 0);

  struct Timer {
    uint64_t time, key, name_space;
  };
  // False: none is due.
  bool PopDue(uint64_t until, Timer* timer);

  void Flush();

 private:
  static constexpr size_t kCached = 128;
  static constexpr int kBatched = 500;
  static constexpr uint64_t kNever = UINT64_MAX;

  struct Queue {
    std::set<std::string> cached;  // its first timers
    bool all_cached = true;
    std::string seek_hint;
    uint64_t first = kNever;
  };
  void Refill(uint32_t group);
  void FirstChanged(uint32_t group);
  void Written();
  static uint64_t TimeOf(const std::string& bytes);

  rocksdb::DB* const db_;
  rocksdb::ColumnFamilyHandle* const family_;
  rocksdb::WriteOptions write_;
  rocksdb::WriteBatch batch_;
  std::array<Queue, Side::kKeyGroups> queues_;
  std::set<std::pair<uint64_t, uint32_t>> firsts_;  // of queues that have timers
};

}  // namespace castor::bench
