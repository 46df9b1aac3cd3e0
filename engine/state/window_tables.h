// What an operator keeps of each open window until the next barrier at most: one table a window,
// dropped whole. Not thread-safe; blobs inside records are the owner's business.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "state/record_table.h"

namespace castor::state {

// The open windows and their tables. Rows of a batch mostly fall into few windows, so they are
// looked up in one pass over the table per distinct window.
class WindowTables {
 public:
  WindowTables(SegmentPool* pool, int32_t payload_size)
      : pool_(pool), payload_size_(payload_size) {}
  WindowTables(const WindowTables&) = delete;
  WindowTables& operator=(const WindowTables&) = delete;

  void Lookup(std::span<const TimestampMs> windows, const KeyBatch& keys, AccessMode mode,
              std::byte** records, uint8_t* created);
  RecordTable* Find(TimestampMs window) const;
  RecordTable* FindOrCreate(TimestampMs window);
  void Drop(TimestampMs window);
  std::vector<TimestampMs> Windows() const;
  const std::map<TimestampMs, std::unique_ptr<RecordTable>>& tables() const { return tables_; }

 private:
  // For a window that is about to be filled: its like had as many records as the one dropped last.
  RecordTable* OpenLikeDropped(TimestampMs window);
  void LookupOne(TimestampMs window, const KeyBatch& keys, AccessMode mode, std::byte** records,
                 uint8_t* created);

  SegmentPool* const pool_;
  const int32_t payload_size_;
  std::map<TimestampMs, std::unique_ptr<RecordTable>> tables_;
  int64_t dropped_size_ = 0;  // of the window dropped last
  // Scratch of one Lookup.
  std::vector<int32_t> rows_;
  std::vector<uint8_t> done_;
  std::vector<std::byte*> found_;
  std::vector<uint8_t> found_created_;
};

}  // namespace castor::state
