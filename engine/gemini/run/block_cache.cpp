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

uint64_t BlockCache::NewRun() {
  const std::lock_guard lock(mutex_);
  return runs_++;
}

std::shared_ptr<const Block> BlockCache::Find(Key key) {
  const std::lock_guard lock(mutex_);
  const auto at = items_.find(key);
  if (at == items_.end()) {
    ++counts_.misses;
    return nullptr;
  }
  ++counts_.hits;
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
  once_.push_front({key, std::move(block)});
  items_[key] = once_.begin();
  Charge(once_.front().bytes());
  Shrink();
}

void BlockCache::Shrink() {
  while (charged_ > capacity_ && !items_.empty()) {
    Remove(std::prev(once_.empty() ? again_.end() : once_.end()));
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
