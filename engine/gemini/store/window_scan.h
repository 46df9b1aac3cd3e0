// What runs hold of a window that memory does not have whole, read a page at a time, so that a
// window that fires need not fit into memory.
//
// A page is read on the pool (`ReadPage`) while nobody else looks at the scan; then its records are
// the owner's. They are copies: changes to them would be lost. Charged to the state account.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_charge.h"
#include "base/status.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/record_layout.h"
#include "gemini/memory/views.h"
#include "gemini/tier/run_set.h"

namespace castor::gemini {

class WindowScan {
 public:
  WindowScan(const RunSet& runs, SectionId section, const RecordLayout& layout)
      : window_(section.partition), layout_(layout), cursor_(runs, section) {}

  int64_t window() const { return window_; }

  // Replaces the page, but for what `is_known`, by what WindowRow composes of its key, to memory.
  // Blocks.
  Status ReadPage();
  void LeaveOut(const std::function<bool(std::string_view user_key)>& is_known);

  // Of all that the scan has read the records of the page are those from `begin` to `end`.
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return begin_ + records_.size(); }
  // No page comes after this one.
  bool ended() const { return ended_; }
  // Valid until the page is replaced.
  EntryView At(uint64_t number);

 private:
  static constexpr size_t kPageBytes = size_t{128} << 10;

  struct Record {
    size_t at;  // of what WindowRow composes, in bytes_; the value follows
    uint32_t key_bytes, value_bytes;
  };

  size_t Stride() const { return EntryTable::kPayloadOffset + layout_.payload_bytes; }
  std::string_view UserKeyOf(const Record& record) const {
    return std::string_view(bytes_).substr(record.at, record.key_bytes);
  }

  const int64_t window_;
  const RecordLayout layout_;
  RunSet::SectionCursor cursor_;
  bool ended_ = false;
  uint64_t begin_ = 0;
  std::vector<Record> records_;
  std::string bytes_;
  // Of each a header, which has the hash of its key, and a payload, as in an EntryTable; aligned as
  // operator new does.
  std::vector<std::byte> payloads_;
  MemoryCharge charge_;
};

}  // namespace castor::gemini
