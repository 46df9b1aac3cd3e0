// What a cut of the in-memory store has saved and what has not been written yet.
//
// The owner saves entries into the open blocks of each state, one a key group; a block that is full
// is handed over to whoever writes the cut, and its memory comes back when it is written. So a cut
// takes memory for the open blocks and for what waits to be written, whatever the state's size. The
// owner should not go on saving while `full`; what it must save, because it changes, is taken all
// the same.
//
// CutSection belongs to the owner's thread. CutBuffer's `Hand...`, `full` and `Finish` are the
// owner's, `Write` the writer's, `Abandon` anybody's; it is shared by store and cut.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "state/snapshot.h"
#include "state/snapshot_format.h"

namespace castor::state {

class CutBuffer;

// One state in a cut.
class CutSection {
 public:
  CutSection(CutBuffer* buffer, StateKind kind, StateDescriptor descriptor, KeyGroupRange range);

  // Where the next entry of a key group goes, which is counted. Until the next call.
  BlockWriter* NextEntry(int32_t key_group) {
    BlockWriter& block = blocks_[static_cast<size_t>(key_group - first_group_)];
    if (block.bytes().size() >= kBlockBytes) HandOver(key_group, &block);
    block.CountEntry();
    return &block;
  }
  // Hands over what is left.
  void Finish();

  StateKind kind() const { return kind_; }
  const StateDescriptor& descriptor() const { return descriptor_; }

 private:
  // A little less than what its memory grows to.
  static constexpr size_t kBlockBytes = 15 * 1024;

  void HandOver(int32_t key_group, BlockWriter* block);

  CutBuffer* const buffer_;
  const StateKind kind_;
  const StateDescriptor descriptor_;
  const int32_t first_group_;
  std::vector<BlockWriter> blocks_;  // by key group
};

class CutBuffer {
 public:
  // `room` is told, on the writer's thread, when the buffer is no longer full.
  // Its blocks lie in `arena`, which nobody else uses meanwhile.
  CutBuffer(int32_t max_parallelism, std::shared_ptr<BlockArena> arena, std::function<void()> room)
      : max_parallelism_(max_parallelism), room_(std::move(room)), arena_(std::move(arena)) {}

  // Its address holds.
  CutSection* AddSection(StateKind kind, const StateDescriptor& descriptor, KeyGroupRange range) {
    return &sections_.emplace_back(this, kind, descriptor, range);
  }
  // For the owner's blocks.
  BlockArena* arena() { return arena_.get(); }
  // Takes the block and leaves an empty one.
  void HandOver(const CutSection* section, int32_t key_group, BlockWriter* block);
  bool full() const { return waiting_.load(std::memory_order_relaxed) >= kMostWaiting; }
  // All is saved.
  void Finish();

  // See StateCut.
  void WhenReady(std::function<void()> ready);
  Result<bool> Write(const ByteSink& sink);
  // Nobody will write any more: what is handed over from now on is dropped.
  void Abandon();

 private:
  struct Block {
    const CutSection* section;
    int32_t key_group;
    BlockWriter bytes;
  };

  // Enough to keep a file busy while the owner does other work.
  static constexpr int64_t kMostWaiting = 4 << 20;
  static constexpr int64_t kWorthWriting = 256 * 1024;

  std::deque<Block> Take(bool* last);
  Status WriteBlocks(const std::deque<Block>& blocks, const ByteSink& sink);
  Status WriteEnd(const ByteSink& sink);
  void GiveBack(std::deque<Block> blocks);

  const int32_t max_parallelism_;
  const std::function<void()> room_;
  const std::shared_ptr<BlockArena> arena_;  // before the blocks
  std::deque<CutSection> sections_;
  std::atomic<int64_t> waiting_{0};  // bytes

  std::mutex mutex_;
  std::deque<Block> blocks_;
  std::vector<BlockWriter> spare_;  // written, to be filled again
  std::function<void()> ready_;
  bool finished_ = false;
  bool abandoned_ = false;

  // The writer's.
  bool begun_ = false;
  const CutSection* current_ = nullptr;   // whose blocks are being written
  std::vector<const CutSection*> named_;  // in the file
};

class MemoryCut final : public StateCut {
 public:
  explicit MemoryCut(std::shared_ptr<CutBuffer> buffer) : buffer_(std::move(buffer)) {}
  ~MemoryCut() override { buffer_->Abandon(); }

  void WhenReady(std::function<void()> ready) override { buffer_->WhenReady(std::move(ready)); }
  Result<bool> Write(const ByteSink& sink) override { return buffer_->Write(sink); }
  const std::vector<StateFile>& files() const override { return files_; }

 private:
  const std::shared_ptr<CutBuffer> buffer_;
  const std::vector<StateFile> files_;
};

}  // namespace castor::state
