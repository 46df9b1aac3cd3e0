// Pages of files that lie elsewhere, kept on local disk: one scratch file of slots, a page each,
// and in memory what is in which slot.
//
// It grows up to its capacity, as long as the disk has more room than is to stay free; from then on
// a clock's hand goes over the slots, and a page that has been read since it last passed is spared.
// What the disk refuses, because it is full or broken, is not kept, and is never an error: whoever
// finds no page reads the file itself. Memory, 24 bytes a slot and 4 a page of each file, is
// charged to the state account. Thread-safe; the disk is waited for outside of the lock.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/memory_charge.h"
#include "io/scratch_file.h"

namespace castor::gemini {

struct PageCacheOptions {
  int32_t page_bytes = 64 << 10;
  int64_t capacity = int64_t{10} << 30;  // bytes of slots
  int64_t preserved = 0;                 // bytes of the disk that stay free
};

class PageCache {
 public:
  struct Page {
    uint64_t file = 0;  // that NewFile has given
    uint32_t number = 0;
  };
  struct Counts {
    uint64_t hits = 0;
    uint64_t misses = 0;
    uint64_t refused = 0;  // pages that the disk did not take or give
  };

  PageCache(std::unique_ptr<io::ScratchFile> file, PageCacheOptions options);
  PageCache(const PageCache&) = delete;
  PageCache& operator=(const PageCache&) = delete;

  int32_t page_bytes() const { return options_.page_bytes; }
  uint64_t NewFile();

  // Copies `bytes` bytes of the page from `offset` on. False: the page is not there.
  bool Read(Page page, int32_t offset, char* target, int32_t bytes);
  // Whether Read would find it now; counts for nothing.
  bool Has(Page page) const;
  // The page, whole; the last one of a file may be shorter. Of a file that has been forgotten
  // nothing is kept.
  void Add(Page page, std::string_view bytes);
  // The file is gone.
  void Forget(uint64_t file);
  // All files are as never read.
  void Clear();

  // How many pages more have room without any going for them.
  size_t Room() const;
  Counts counts() const;
  int64_t disk_bytes() const;  // that the scratch file takes at most

 private:
  struct Slot {
    uint64_t file = 0;  // 0: none, or one that has been forgotten while somebody was at it
    uint32_t page = 0;
    int32_t bytes = 0;
    uint16_t readers = 0;
    bool filling = false;
    bool used = false;  // since the hand passed
    bool at_rest() const { return readers == 0 && !filling; }
  };
  using Slots = std::vector<uint32_t>;  // by page: the slot's number and 1, or 0

  // All below: with the lock.
  std::optional<uint32_t> Find(Page page) const;
  std::optional<uint32_t> TakeSlot();
  std::optional<uint32_t> PassHand();
  // Slots that the file may have more than it has.
  size_t Growth() const;
  // The slot is nobody's: to be filled again when no one is at it.
  void Unmap(uint32_t slot);
  void FreeIfLeft(uint32_t slot);
  void Empty(Slots* pages);
  void Refused(uint32_t slot);
  void ChargeMemory();
  int64_t OffsetOf(uint32_t slot) const { return int64_t{slot} * options_.page_bytes; }

  const std::unique_ptr<io::ScratchFile> file_;
  const PageCacheOptions options_;
  mutable std::mutex mutex_;
  uint64_t files_ = 0;
  std::unordered_map<uint64_t, Slots> pages_;  // by file
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  size_t most_slots_;
  size_t hand_ = 0;
  size_t page_table_ = 0;  // entries of all pages_
  Counts counts_;
  MemoryCharge charge_;
};

}  // namespace castor::gemini
