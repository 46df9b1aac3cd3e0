// Walks the entries of sections in order: of one run, or of several merged into what holds now.
//
// Not thread-safe; any thread; calls may block on reading.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "gemini/run/sorted_run.h"

namespace castor::gemini {

// Positions [begin, end): a range of key groups, a key's hash, or all.
struct PositionRange {
  Position begin = 0;
  Position end = UINT64_MAX;

  bool Contains(Position position) const { return position >= begin && position < end; }
  PositionRange And(PositionRange other) const {
    return {std::max(begin, other.begin), std::min(end, other.end)};
  }
  static PositionRange OfKeyGroups(uint32_t first, uint32_t last) {
    return {PositionOf(first, 0), PositionOf(last + 1, 0)};
  }
};

class RunCursor {
 public:
  // Of a lookup, or past the cache of blocks.
  enum class Reads : uint8_t { kPastCache, kCached };

  // The run and the section, one of its, must outlive the cursor.
  RunCursor(const SortedRun& run, const SortedRun::Section& section, PositionRange range,
            Reads reads = Reads::kPastCache);

  // To the next entry. False at the end.
  Result<bool> Next();
  // Valid until the next Next.
  const Entry& entry() const { return entry_; }

 private:
  const SortedRun& run_;
  const SortedRun::Section& section_;
  Result<std::shared_ptr<const Block>> Read(const BlockHandle& handle) const;

  const PositionRange range_;
  const Reads reads_;
  size_t next_block_;
  std::shared_ptr<const Block> block_;  // the one that is walked; nullptr at first
  uint32_t next_entry_ = 0;
  Entry entry_;
};

// Entries of several runs, of each key and user key only the newest, and nothing that a clear
// hides.
class MergeCursor {
 public:
  // Cursors from the newest run to the oldest. `complete`: there is no older run, so that
  // deletions and clears have done their work and are left out.
  MergeCursor(std::vector<std::unique_ptr<RunCursor>> newest_first, bool complete);

  Result<bool> Next();
  const Entry& entry() const { return entry_; }
  // Of the entry: its cursor's place among those given.
  size_t source() const { return current_; }

 private:
  struct Source {
    std::unique_ptr<RunCursor> cursor;
    bool done = false;
  };

  static Status Advance(Source& source);
  // Past the entry at hand, in all sources that have one for it.
  Status Leave();
  // The source of the smallest entry, the newest if several have it; sources_.size() at the end.
  size_t Smallest() const;
  bool Hidden(const Entry& entry, size_t age) const;

  std::vector<Source> sources_;
  const bool complete_;
  bool started_ = false;
  size_t current_ = 0;  // source of entry_
  Entry entry_;
  // The newest clear of the key at hand: what stands in sources behind `clear_age_` is hidden.
  Position clear_position_ = 0;
  std::string clear_key_;
  size_t clear_age_ = SIZE_MAX;
};

}  // namespace castor::gemini
