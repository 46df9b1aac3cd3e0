// Open-addressing hash table from key bytes to records of one payload size: for what an operator
// keeps between two barriers at most, such as bundles and local aggregates. What outlives a barrier
// is keyed state (keyed_state.h).
//
// A slot is 8 bytes: 16 bits of the hash and a 48-bit pointer, so a probe that misses seldom
// touches a record. Records live in segments and never move: 16 bytes {hash, key size, unused},
// the payload (zero at first), the key. Lookups run by the batch in passes (slot prefetch, record
// prefetch, compare), which hides memory latency once the table has left the cache. Growth
// re-inserts by walking the segments in order instead of chasing slots. Erasing shifts slots back,
// so there are no tombstones.
//
// A large table grows bit by bit, too, so that no batch waits for millions of records: while it
// grows there are two directories, the old one whole, and each lookup moves a few records more into
// the new one. A record found in the old one only is moved at once. Where memory is short it does
// not grow while fewer than one slot in sixteen is free.
//
// Not thread-safe. Blobs inside payloads are the owner's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "state/keyed_state.h"
#include "state/segment_pool.h"

namespace castor::state {

class RecordTable {
 public:
  // `label` is the owner's, for its own use.
  RecordTable(SegmentPool* pool, int32_t payload_size, int64_t label = 0);
  ~RecordTable();
  RecordTable(const RecordTable&) = delete;
  RecordTable& operator=(const RecordTable&) = delete;

  // Payloads for `keys` at `rows` (all rows when empty): records[j] belongs to rows[j]. Created
  // records get created[j] = 1 (others are left alone). Records never move, so the addresses hold
  // until erased.
  void Lookup(const KeyBatch& keys, std::span<const int32_t> rows, AccessMode mode,
              std::byte** records, uint8_t* created);
  std::byte* Find(std::string_view key, int32_t hash) const;
  std::byte* FindOrCreate(std::string_view key, int32_t hash, bool* created);
  bool Erase(std::string_view key, int32_t hash);
  // Makes room for `more` records, so that the table need not grow meanwhile.
  void Reserve(int64_t more);

  // The parts of a record, from its payload.
  std::string_view KeyOf(const std::byte* payload) const;
  static int32_t HashOf(const std::byte* payload) {
    return static_cast<int32_t>(HeaderOf(payload)->hash);
  }
  // Walks all records in the order of their memory: start with cursor 0; nullptr at the end.
  // Records may be created meanwhile (they may or may not be seen); erasing the one just returned
  // is allowed.
  std::byte* Next(uint64_t* cursor) const;

  int64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t label() const { return label_; }

 private:
  struct Header {
    uint32_t hash;
    uint32_t key_size_and_flags;  // key size << 1 | live
    std::byte* next_free;         // of an erased record

    uint32_t key_size() const { return key_size_and_flags >> 1; }
    bool live() const { return (key_size_and_flags & 1) != 0; }
  };
  static_assert(sizeof(Header) == 16);
  struct Segment {
    std::byte* begin;
    uint32_t used;
    uint32_t capacity;
  };

  static const Header* HeaderOf(const std::byte* payload) {
    return reinterpret_cast<const Header*>(payload - sizeof(Header));
  }
  uint32_t RecordSize(uint32_t key_size) const {
    return (static_cast<uint32_t>(sizeof(Header)) + payload_size_ + key_size + 15) / 16 * 16;
  }
  static uint64_t MakeSlot(uint32_t hash, const std::byte* record) {
    return (static_cast<uint64_t>(hash >> 16) << 48) | reinterpret_cast<uintptr_t>(record);
  }
  static std::byte* RecordOf(uint64_t slot) {
    return reinterpret_cast<std::byte*>(slot & ((uint64_t{1} << 48) - 1));
  }
  static uint32_t Mix(uint32_t hash) { return hash * 0x9E3779B1u; }

  bool Matches(const std::byte* record, std::string_view key, uint32_t hash) const;
  // Slots by hash, with linear probing.
  struct Directory {
    uint64_t* slots = nullptr;
    uint64_t mask = 0;

    uint64_t size() const { return slots == nullptr ? 0 : mask + 1; }
    uint64_t& home(uint32_t hash) const { return slots[Mix(hash) & mask]; }
  };
  // The slot that holds the key, or the empty slot where it belongs.
  uint64_t Probe(const Directory& directory, std::string_view key, uint32_t hash) const;
  // The same in `directory_`, into which the record is moved if need be.
  uint64_t Locate(std::string_view key, uint32_t hash) const {
    const uint64_t index = Probe(directory_, key, hash);
    if (old_.slots != nullptr && directory_.slots[index] == 0) {
      directory_.slots[index] = old_.slots[Probe(old_, key, hash)];
    }
    return index;
  }
  std::byte* Insert(uint64_t slot, std::string_view key, uint32_t hash);
  std::byte* AllocateRecord(uint32_t size);
  void Prefetch(const KeyBatch& keys, std::span<const int32_t> rows) const;
  // Makes the next directory ready, page by page, when the table is soon going to grow.
  void Prepare(uint64_t wanted);
  // Into `next_`.
  void Grow();
  Directory MakeDirectory(uint64_t slots);
  // None where the pool's account has no room.
  Directory TryMakeDirectory(uint64_t slots);
  // Moves `records` more into the new directory, which may be the last.
  void Move(int64_t records);
  void MoveFor(int64_t lookups);
  void MoveOne(const std::byte* payload);
  void Free(Directory* directory);
  static void RemoveSlot(const Directory& directory, uint64_t slot);

  SegmentPool* const pool_;
  const uint32_t payload_size_;
  const int64_t label_;
  Directory directory_;
  Directory old_;             // while the table grows
  Directory next_;            // before it does
  uint64_t prepared_ = 0;     // bytes of `next_` whose pages are there
  uint64_t move_cursor_ = 0;  // all records before it are in `directory_`
  int64_t size_ = 0;
  std::vector<Segment> segments_;
  // Erased records by total size, as intrusive lists: {size, head}. Few sizes occur per table.
  std::vector<std::pair<uint32_t, std::byte*>> free_records_;
};

}  // namespace castor::state
