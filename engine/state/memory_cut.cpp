#include "state/memory_cut.h"

#include <algorithm>

namespace castor::state {

CutSection::CutSection(CutBuffer* buffer, StateKind kind, StateDescriptor descriptor,
                       KeyGroupRange range)
    : buffer_(buffer), kind_(kind), descriptor_(std::move(descriptor)), first_group_(range.start) {
  for (int32_t i = 0; i < range.size(); ++i) blocks_.emplace_back(buffer->arena());
}

void CutSection::HandOver(int32_t key_group, BlockWriter* block) {
  buffer_->HandOver(this, key_group, block);
}

void CutSection::Finish() {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].entries() > 0) HandOver(first_group_ + static_cast<int32_t>(i), &blocks_[i]);
  }
  blocks_.clear();
}

void CutBuffer::HandOver(const CutSection* section, int32_t key_group, BlockWriter* block) {
  std::function<void()> ready;
  {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return block->Clear();
    const auto bytes = static_cast<int64_t>(block->bytes().size());
    const int64_t before = waiting_.fetch_add(bytes, std::memory_order_relaxed);
    blocks_.push_back({section, key_group, std::move(*block)});
    if (spare_.empty()) {
      *block = BlockWriter(arena_.get());
    } else {
      *block = std::move(spare_.back());
      spare_.pop_back();
    }
    if (before < kWorthWriting && before + bytes >= kWorthWriting) ready = ready_;
  }
  if (ready) ready();
}

void CutBuffer::Finish() {
  for (CutSection& section : sections_) section.Finish();
  std::function<void()> ready;
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready = ready_;
  }
  if (ready) ready();
}

void CutBuffer::WhenReady(std::function<void()> ready) {
  bool now;
  {
    const std::lock_guard lock(mutex_);
    ready_ = ready;
    now = finished_ || waiting_.load(std::memory_order_relaxed) >= kWorthWriting;
  }
  if (now) ready();
}

void CutBuffer::Abandon() {
  std::function<void()> ready;  // destroyed outside of the lock: it may hold the cut's last owner
  std::deque<Block> blocks;
  bool room;
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    ready.swap(ready_);
    blocks.swap(blocks_);
    spare_.clear();
    room = full();
    waiting_.store(0, std::memory_order_relaxed);
  }
  if (room && room_) room_();
}

std::deque<CutBuffer::Block> CutBuffer::Take(bool* last) {
  const std::lock_guard lock(mutex_);
  *last = finished_;
  return std::exchange(blocks_, {});
}

Result<bool> CutBuffer::Write(const ByteSink& sink) {
  bool last = false;
  std::deque<Block> blocks = Take(&last);
  if (!std::exchange(begun_, true)) CASTOR_RETURN_NOT_OK(WriteSnapshotHead(max_parallelism_, sink));
  CASTOR_RETURN_NOT_OK(WriteBlocks(blocks, sink));
  GiveBack(std::move(blocks));
  if (last) CASTOR_RETURN_NOT_OK(WriteEnd(sink));
  return last;
}

Status CutBuffer::WriteBlocks(const std::deque<Block>& blocks, const ByteSink& sink) {
  for (const Block& block : blocks) {
    if (block.section != current_) {
      current_ = block.section;
      CASTOR_RETURN_NOT_OK(WriteState(current_->kind(), current_->descriptor(), sink));
      if (std::find(named_.begin(), named_.end(), current_) == named_.end()) {
        named_.push_back(current_);
      }
    }
    CASTOR_RETURN_NOT_OK(WriteBlock(block.key_group, block.bytes, sink));
  }
  return Status::OK();
}

// States without entries are named, too.
Status CutBuffer::WriteEnd(const ByteSink& sink) {
  for (const CutSection& section : sections_) {
    if (std::find(named_.begin(), named_.end(), &section) != named_.end()) continue;
    CASTOR_RETURN_NOT_OK(WriteState(section.kind(), section.descriptor(), sink));
  }
  return WriteSnapshotEnd(sink);
}

void CutBuffer::GiveBack(std::deque<Block> blocks) {
  int64_t bytes = 0;
  for (Block& block : blocks) {
    bytes += static_cast<int64_t>(block.bytes.bytes().size());
    block.bytes.Clear();
  }
  bool room = false;
  std::function<void()> ready;
  {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return;
    const int64_t before = waiting_.fetch_sub(bytes, std::memory_order_relaxed);
    room = before >= kMostWaiting && before - bytes < kMostWaiting;
    if (before - bytes >= kWorthWriting) ready = ready_;
    if (!finished_) {
      for (Block& block : blocks) spare_.push_back(std::move(block.bytes));
    }
  }
  if (room && room_) room_();
  if (ready) ready();
}

}  // namespace castor::state
