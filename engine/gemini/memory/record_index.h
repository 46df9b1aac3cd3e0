// From keys to records: open addressing over slots of 8 bytes, 16 bits of the hash and the 48 of an
// address.
//
// A probe that misses seldom touches a record. Removal shifts slots back, so there are no
// tombstones (Knuth, TAOCP 3, 6.4, algorithm R). A large index grows bit by bit, so that no batch
// waits for millions of records: while it does there are two directories, the old one is only read,
// and each lookup moves a few records more. Nor does one wait for the memory of a large directory,
// whose pages the system fills with zeros when they are first touched: they are touched beforehand.
// Where memory is scarce an index is *dense*: probes are longer, which is cheaper than to read the
// records for which there would be no memory. Not thread-safe; records belong to the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gemini/memory/equal_bytes.h"
#include "gemini/memory/record.h"

namespace castor::gemini {

class RecordIndex {
 public:
  // Keys stand `key_offset` bytes behind the begin of a record.
  explicit RecordIndex(size_t key_offset) : key_offset_(key_offset) {}
  ~RecordIndex();
  RecordIndex(const RecordIndex&) = delete;
  RecordIndex& operator=(const RecordIndex&) = delete;

  // Makes room for `more` records and moves some on if the index is growing: to be called before a
  // batch of so many is located, after which positions hold until the next call.
  void Reserve(size_t more);

  // From the next Reserve on.
  void SetDense(bool dense) { dense_ = dense; }

  // Where the record is or belongs that has this hash and of which `is_wanted` is true. The index
  // has been reserved.
  template <typename IsWanted>
  uint64_t Locate(uint32_t hash, const IsWanted& is_wanted) {
    const uint64_t at = Probe(directory_, hash, is_wanted);
    if (old_.slots != nullptr && directory_.slots[at] == 0) {
      directory_.slots[at] = old_.slots[Probe(old_, hash, is_wanted)];
    }
    return at;
  }
  uint64_t Locate(std::string_view key, uint32_t hash) {
    return Locate(
        hash, [&](const std::byte* record) { return EqualBytes(KeyOf(record, key_offset_), key); });
  }
  // nullptr: there is none.
  std::byte* At(uint64_t position) const { return RecordOf(directory_.slots[position]); }
  void Put(uint64_t position, uint32_t hash, std::byte* record) {
    directory_.slots[position] = MakeSlot(hash, record);
    ++size_;
  }
  // Of the record at `position`, which gives place to another of the same hash.
  void Exchange(uint64_t position, std::byte* from, std::byte* to) {
    if (old_.slots != nullptr) return Replace(from, to);
    directory_.slots[position] = MakeSlot(HeaderOf(to)->hash, to);
  }
  void Remove(std::byte* record);
  // The record has moved to another address.
  void Replace(std::byte* from, std::byte* to);

  // Prefetching only costs as long as slots and records stay near.
  bool large() const { return directory_.mask >= kLarge; }
  void PrefetchSlot(uint32_t hash) const {
    __builtin_prefetch(&directory_.Home(hash));
    if (old_.slots != nullptr) __builtin_prefetch(&old_.Home(hash));
  }
  void PrefetchRecord(uint32_t hash) const {
    const uint64_t slot = directory_.Home(hash);
    if (slot >> 48 == hash >> 16) __builtin_prefetch(RecordOf(slot), 1);
  }

  size_t size() const { return size_; }
  int64_t byte_size() const;

 private:
  static constexpr uint64_t kLarge = 16 * 1024;
  // In the old directory: what was here has been removed. No record has this address.
  static constexpr uint64_t kGone = 1;

  struct Directory {
    uint64_t* slots = nullptr;
    uint64_t mask = 0;

    uint64_t size() const { return slots == nullptr ? 0 : mask + 1; }
    uint64_t& Home(uint32_t hash) const { return slots[hash * 0x9E3779B1u & mask]; }
  };

  static uint64_t MakeSlot(uint32_t hash, const std::byte* record) {
    return uint64_t{hash >> 16} << 48 | reinterpret_cast<uintptr_t>(record);
  }
  static std::byte* RecordOf(uint64_t slot) {
    return reinterpret_cast<std::byte*>(slot & ((uint64_t{1} << 48) - 1));
  }
  // The slot that holds the record, or the empty one where it belongs.
  template <typename IsWanted>
  static uint64_t Probe(const Directory& directory, uint32_t hash, const IsWanted& is_wanted) {
    uint64_t at = hash * 0x9E3779B1u & directory.mask;
    for (;; at = (at + 1) & directory.mask) {
      const uint64_t slot = directory.slots[at];
      if (slot == 0) return at;
      if (slot >> 48 != hash >> 16 || slot == kGone) continue;
      const std::byte* record = RecordOf(slot);
      if (HeaderOf(record)->hash == hash && is_wanted(record)) return at;
    }
  }
  // The slot of a record, or the empty one where it belongs.
  static uint64_t ProbeRecord(const Directory& directory, uint32_t hash, const std::byte* record);
  bool HasRoomFor(uint64_t records, uint64_t slots) const {
    return slots > 0 && records * 8 <= slots * (dense_ ? 7 : 5);
  }
  bool IsTooLarge() const;
  // Makes the next directory ready, in step with the records.
  void Prepare(uint64_t wanted);
  void Resize(uint64_t slots);
  void Move(uint64_t slots);
  static Directory Allocate(uint64_t slots);
  static void Free(Directory* directory);

  const size_t key_offset_;
  Directory directory_;
  Directory old_;             // while the index grows or shrinks
  Directory next_;            // made ready before it does
  uint64_t prepared_ = 0;     // bytes of `next_` that have been touched
  uint64_t move_cursor_ = 0;  // all slots of `old_` before it are in `directory_`
  size_t size_ = 0;
  bool dense_ = false;
};

}  // namespace castor::gemini
