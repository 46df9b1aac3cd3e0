// Entries on their way from memory to a run: copied by the owner in any order, sorted and written
// by another thread.
//
// Its memory is charged to the state account. Not thread-safe; handed over as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/memory_charge.h"
#include "base/status.h"
#include "gemini/memory/entry_blocks.h"
#include "gemini/run/entry.h"
#include "gemini/run/run_writer.h"

namespace castor::gemini {

class EntryBuffer {
 public:
  // `blocks`: of the buffers before and after this one.
  explicit EntryBuffer(std::shared_ptr<EntryBlocks> blocks = std::make_shared<EntryBlocks>())
      : source_(std::move(blocks)) {}
  ~EntryBuffer();
  EntryBuffer(const EntryBuffer&) = delete;
  EntryBuffer& operator=(const EntryBuffer&) = delete;

  // Copies all that the entry's views show. No two entries of a buffer have the same section, key
  // and user key.
  void Add(SectionId section, const Entry& entry);

  size_t size() const { return items_.size(); }
  SectionId SectionAt(size_t i) const { return sections_[items_[i].section]; }
  Entry EntryAt(size_t i) const { return ViewOf(items_[i]); }  // views into the buffer
  int64_t charged_bytes() const { return charged_; }

  // Sorts all and writes it.
  Status WriteTo(RunWriter* writer);

 private:
  // Of the first block and of the largest; each is twice the one before.
  static constexpr size_t kFirstBlock = size_t{16} << 10;
  static constexpr size_t kMostBlock = size_t{256} << 10;

  // Followed by key, user key and value.
  struct Head {
    int64_t time;
    uint32_t key_bytes, user_key_bytes, value_bytes;
    EntryKind kind;
  };
  // What sorting looks at, in one place.
  struct Item {
    Position position;
    const Head* head;
    uint32_t section;  // in sections_
    uint32_t number;   // in the order in which they were added
  };

  static Entry ViewOf(const Item& item);
  char* Reserve(size_t bytes);
  uint32_t NumberOf(SectionId section);
  // Numbers sections by their order.
  void SortSections();
  void SortItems();

  const std::shared_ptr<EntryBlocks> source_;
  std::vector<EntryBlocks::Block> blocks_;
  char* next_ = nullptr;
  size_t room_ = 0;
  size_t next_block_ = kFirstBlock;
  std::vector<Item> items_;
  std::vector<SectionId> sections_;
  std::map<SectionId, uint32_t> numbers_;  // of them
  int64_t charged_ = 0;                    // of blocks and items
  MemoryCharge item_charge_;
};

}  // namespace castor::gemini
