#include "gemini/run/run_cursor.h"

namespace castor::gemini {

RunCursor::RunCursor(const SortedRun& run, const SortedRun::Section& section, PositionRange range,
                     Reads reads)
    : run_(run),
      section_(section),
      range_(range),
      reads_(reads),
      next_block_(section.FirstBlock(range.begin)) {}

Result<std::shared_ptr<const Block>> RunCursor::Read(const BlockHandle& handle) const {
  if (reads_ == Reads::kCached) return run_.FindBlock(handle);
  CASTOR_ASSIGN_OR_RETURN(Block block, run_.ReadBlock(handle));
  return std::make_shared<const Block>(std::move(block));
}

Result<bool> RunCursor::Next() {
  while (block_ == nullptr || next_entry_ >= block_->size()) {
    if (next_block_ >= section_.index.size()) return false;
    const BlockHandle& handle = section_.index[next_block_++];
    if (handle.first >= range_.end) return false;
    CASTOR_ASSIGN_OR_RETURN(block_, Read(handle));
    next_entry_ = block_->LowerBound(range_.begin);
  }
  entry_ = block_->At(next_entry_++);
  return entry_.position < range_.end;
}

MergeCursor::MergeCursor(std::vector<std::unique_ptr<RunCursor>> newest_first, bool complete)
    : complete_(complete) {
  for (std::unique_ptr<RunCursor>& cursor : newest_first) {
    sources_.emplace_back().cursor = std::move(cursor);
  }
}

Status MergeCursor::Advance(Source& source) {
  CASTOR_ASSIGN_OR_RETURN(const bool more, source.cursor->Next());
  source.done = !more;
  return Status::OK();
}

Status MergeCursor::Leave() {
  if (!started_) {
    started_ = true;
    for (Source& source : sources_) CASTOR_RETURN_NOT_OK(Advance(source));
    return Status::OK();
  }
  // The current source last: the entry's bytes are its.
  for (size_t age = 0; age < sources_.size(); ++age) {
    Source& source = sources_[age];
    if (age == current_ || source.done || Compare(source.cursor->entry(), entry_) != 0) continue;
    CASTOR_RETURN_NOT_OK(Advance(source));
  }
  return Advance(sources_[current_]);
}

size_t MergeCursor::Smallest() const {
  size_t smallest = sources_.size();
  for (size_t age = 0; age < sources_.size(); ++age) {
    if (sources_[age].done) continue;
    if (smallest == sources_.size() ||
        Compare(sources_[age].cursor->entry(), sources_[smallest].cursor->entry()) < 0) {
      smallest = age;
    }
  }
  return smallest;
}

bool MergeCursor::Hidden(const Entry& entry, size_t age) const {
  return age > clear_age_ && entry.position == clear_position_ && entry.key == clear_key_;
}

Result<bool> MergeCursor::Next() {
  while (true) {
    CASTOR_RETURN_NOT_OK(Leave());
    current_ = Smallest();
    if (current_ == sources_.size()) return false;
    entry_ = sources_[current_].cursor->entry();
    if (entry_.kind == EntryKind::kClear) {
      clear_position_ = entry_.position;
      clear_key_ = entry_.key;
      clear_age_ = current_;
    } else if (Hidden(entry_, current_)) {
      continue;
    }
    if (entry_.kind == EntryKind::kPut || !complete_) return true;
  }
}

}  // namespace castor::gemini
