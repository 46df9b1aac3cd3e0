#include "gemini/run/block_cache.h"

#include <iterator>
#include <utility>

#include "base/memory.h"

namespace castor::gemini {
namespace {

// What an item takes besides the block's bytes.
constexpr int64_t kItemBytes = 200;

}  // namespace

int64_t BlockCache::Item::bytes() const {
  return static_cast<int64_t>(block->byte_size()) + kItemBytes;
}

BlockCache::~BlockCache() { Charge(-charged_); }

void BlockCache::Charge(int64_t bytes) {
  charged_ += bytes;
  MemoryAccount::State().Charge(bytes);
}

uint32_t BlockCache::HashOf(Key key) {
  const uint64_t mixed = (key.run * 0x9E3779B97F4A7C15 + key.offset) * 0xD6E8FEB86659FD93;
  return static_cast<uint32_t>(mixed >> 32);
}

void BlockCache::Leaves(Key key, int64_t bytes) {
  const uint32_t hash = HashOf(key);
  if (left_.Samples(hash)) left_.Left(hash);
  left_.Passed(bytes);
}

void BlockCache::SetCapacity(int64_t capacity) {
  const std::lock_guard lock(mutex_);
  capacity_ = capacity;
  Shrink();
}

double BlockCache::SparedByMore(int64_t bytes) const {
  const std::lock_guard lock(mutex_);
  return left_.ReadsWithin(bytes);
}

double BlockCache::hits_lately() const {
  const std::lock_guard lock(mutex_);
  return hits_lately_;
}

void BlockCache::Age(int64_t horizon) {
  const std::lock_guard lock(mutex_);
  left_.SetHorizon(horizon);
  left_.Age();
  hits_lately_ /= 2;
}

uint64_t BlockCache::NewRun() {
  const std::lock_guard lock(mutex_);
  return runs_++;
}

std::shared_ptr<const Block> BlockCache::Find(Key key) {
  const std::lock_guard lock(mutex_);
  const auto at = items_.find(key);
  if (at == items_.end()) {
    ++counts_.misses;
    const uint32_t hash = HashOf(key);
    if (left_.Samples(hash)) left_.Wanted(hash);
    return nullptr;
  }
  ++counts_.hits;
  ++hits_lately_;
  Promote(at->second);
  return at->second->block;
}

void BlockCache::Promote(List::iterator item) {
  again_.splice(again_.begin(), item->again ? again_ : once_, item);
  if (std::exchange(item->again, true)) return;
  again_bytes_ += item->bytes();
  while (again_bytes_ > capacity_ / 4 * 3) {
    const auto last = std::prev(again_.end());
    last->again = false;
    again_bytes_ -= last->bytes();
    once_.splice(once_.begin(), again_, last);
  }
}

void BlockCache::Add(Key key, std::shared_ptr<const Block> block) {
  const std::lock_guard lock(mutex_);
  if (items_.count(key) > 0) return;  // another thread has read it, too
  if (capacity_ == 0) return Leaves(key, static_cast<int64_t>(block->byte_size()) + kItemBytes);
  once_.push_front({key, std::move(block)});
  items_[key] = once_.begin();
  Charge(once_.front().bytes());
  Shrink();
}

void BlockCache::Shrink() {
  while (charged_ > capacity_ && !items_.empty()) {
    const auto last = std::prev(once_.empty() ? again_.end() : once_.end());
    Leaves(last->key, last->bytes());
    Remove(last);
  }
}

void BlockCache::Remove(List::iterator item) {
  Charge(-item->bytes());
  if (item->again) again_bytes_ -= item->bytes();
  items_.erase(item->key);
  (item->again ? again_ : once_).erase(item);
}

void BlockCache::Forget(uint64_t run) {
  const std::lock_guard lock(mutex_);
  for (auto at = items_.lower_bound({run, 0}); at != items_.end() && at->first.run == run;) {
    Remove((at++)->second);
  }
}

int64_t BlockCache::charged_bytes() const {
  const std::lock_guard lock(mutex_);
  return charged_;
}

BlockCache::Counts BlockCache::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace castor::gemini
