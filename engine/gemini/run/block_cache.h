// Blocks of runs that lookups have read, up to a number of bytes.
//
// What has been read once waits in one list; what is read again while it is there comes to
// another, which has three quarters of the room, and falls back from its end (Karedla, Love,
// Wherry: "Caching Strategies to Improve Disk System Performance", 1994). So many blocks that are
// read once push out nothing that is read again and again. Scans and merges do not ask the cache at
// all. What has left is sampled, so that it is known what more room would spare. Its memory is
// charged to the state account. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "gemini/run/block.h"
#include "gemini/tuning/reuse_sample.h"

namespace castor::gemini {

class BlockCache {
 public:
  // Which block of which run, by a number that NewRun has given.
  struct Key {
    uint64_t run = 0;
    uint64_t offset = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Counts {
    uint64_t hits = 0;
    uint64_t misses = 0;
  };

  explicit BlockCache(int64_t capacity) : capacity_(capacity) {}
  ~BlockCache();
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  uint64_t NewRun();
  // nullptr: it is not there.
  std::shared_ptr<const Block> Find(Key key);
  void Add(Key key, std::shared_ptr<const Block> block);
  // The run is gone.
  void Forget(uint64_t run);

  void SetCapacity(int64_t capacity);
  int64_t charged_bytes() const;
  Counts counts() const;

  // Of late: misses that so many bytes more would have spared, and hits.
  double SparedByMore(int64_t bytes) const;
  double hits_lately() const;
  // What has been counted of late so far counts half. `horizon`: see ReuseSample.
  void Age(int64_t horizon);

 private:
  struct Item {
    Key key;
    std::shared_ptr<const Block> block;
    bool again = false;  // in that list
    int64_t bytes() const;
  };
  using List = std::list<Item>;  // the latest first

  static uint32_t HashOf(Key key);
  void Leaves(Key key, int64_t bytes);
  void Promote(List::iterator item);
  void Shrink();
  void Remove(List::iterator item);
  void Charge(int64_t bytes);

  int64_t capacity_;
  mutable std::mutex mutex_;
  uint64_t runs_ = 0;
  List once_, again_;
  std::map<Key, List::iterator> items_;
  int64_t charged_ = 0;
  int64_t again_bytes_ = 0;
  Counts counts_;
  ReuseSample left_;
  double hits_lately_ = 0;
};

}  // namespace castor::gemini
