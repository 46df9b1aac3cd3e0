// All that an instance holds in memory: its tables, which of their records have changed, and what
// of them may go.
//
// *Cuts.* Each record is clean or has one of two tags; a cut flips which of the two says "changed
// since the last cut", in constant time. From then on records with the other tag belong to the cut:
// `SaveSome` copies them to a buffer bit by bit, and whoever changes one first copies it before.
// When their runs are durable `EndCut(true)` forgets which they were; `EndCut(false)` makes them
// changed records again, so that the next cut has them. Both are done bit by bit by `Settle`. A cut
// is over when that is done.
//
// *Eviction.* A clock's hand goes over the chunks. A record used since it last passed stays; a
// clean one is dropped, a changed one is copied to a buffer and can be dropped once that is in a
// run. What is left of a chunk that has become sparse is moved to others, so that whole chunks
// become free. While a cut is on its way changed records stay: the cut makes them clean.
//
// Not thread-safe: the owner's thread alone. Cuts and evictions only while no payload is held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "gemini/memory/entry_buffer.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/keys.h"
#include "gemini/memory/record_heap.h"
#include "gemini/memory/record_owner.h"
#include "gemini/memory/record_table.h"
#include "gemini/memory/timer_table.h"
#include "gemini/memory/window_list_table.h"
#include "gemini/tuning/reuse_sample.h"

namespace castor::gemini {

class MemoryTier {
 public:
  MemoryTier(uint32_t key_groups, KeyGroupFunction key_group_of);
  ~MemoryTier();
  MemoryTier(const MemoryTier&) = delete;
  MemoryTier& operator=(const MemoryTier&) = delete;

  // At most 65535. They live as long as the tier.
  RecordTable* AddTable(TableOptions options);
  EntryTable* AddEntryTable(EntryTableOptions options);
  TimerTable* AddTimerTable(TimerTableOptions options);
  WindowListTable* AddWindowListTable(WindowListOptions options);

  // Whether runs may hold keys of this hash that memory does not: records of their key group have
  // been dropped, or have not been loaded.
  bool MayBeStored(uint32_t hash) const {
    return any_cold_ && cold_groups_[key_group_of_(hash, key_groups_)] != 0;
  }
  // Some table has records that expire.
  void ExpectExpiry() { any_ttl_ = true; }
  bool any_cold() const { return any_cold_; }
  void SetCold(uint32_t key_group);
  Position PositionOfHash(uint32_t hash) const {
    return PositionOf(key_group_of_(hash, key_groups_), hash);
  }

  enum class CutPhase : uint8_t { kNone, kSaving, kSaved, kForgetting, kGivingBack };
  CutPhase cut_phase() const { return phase_; }
  // While there is none. `buffer` gets what is saved until another takes its place.
  void StartCut(EntryBuffer* buffer);
  void SetCutBuffer(EntryBuffer* buffer) { cut_buffer_ = buffer; }
  // Saves some `records` more, and counts what they save. False: all are saved.
  bool SaveSome(size_t records);
  // At any time of a cut.
  void EndCut(bool durable);
  // Goes over some `chunks` more. False: the cut is over.
  bool Settle(size_t chunks);

  // Moves the hand over at most `chunks` chunks, until no more than `target` bytes are charged.
  // Changed records are copied to `buffer` up to `buffer_bytes`; none if it is null, as it must be
  // during a cut and as long as an earlier eviction has not ended.
  struct Eviction {
    int64_t target = 0;
    size_t chunks = 0;
    EntryBuffer* buffer = nullptr;
    int64_t buffer_bytes = 0;
    ReuseSample* dropped = nullptr;  // is told of records that leave memory
  };
  void Evict(const Eviction& eviction);
  // What was copied to the buffer is in a run, or is changed again.
  void EndEviction(bool durable);

  // Goes over some `chunks` more, if less than half of what chunks take is in use, and empties
  // those that are less than half full into others. Evict does so with those it comes to.
  void Compact(size_t chunks);

  // Looks at `records` more: what has expired is erased, deletions that runs know are dropped.
  void Sweep(size_t records, int64_t now);
  // Frees some `records` of what has been dropped whole. False: there are no more.
  bool FreeDropped(size_t records);

  int64_t charged_bytes() const;  // of chunks and indexes
  int64_t chunk_bytes() const { return heap_.charged_bytes(); }
  int64_t used_bytes() const { return heap_.used_bytes(); }
  // Of a record of a table, for a ReuseSample.
  uint64_t ReuseIdOf(const RecordOwner* table, uint32_t hash) const;
  // Whether indexes are to take as little memory as they can.
  void SetScarce(bool scarce);
  // That the hand goes round over.
  size_t chunks() const { return heap_.chunks().size(); }

 private:
  friend class RecordTable;
  friend class EntryTable;
  friend class TimerTable;
  friend class WindowListTable;

  // To be called before a record with another tag than the current one changes.
  void BeforeChange(std::byte* record);
  void Tagged(std::byte* record) {
    RecordHeader* header = HeaderOf(record);
    header->flags = (header->flags & ~record_flag::kTag) | static_cast<uint8_t>(current_);
    Chunk* chunk = Chunk::Of(record);
    chunk->Set(MarkOf(current_), chunk->SlotOf(record));
  }
  // How many entries that is.
  size_t SaveForCut(std::byte* record);
  void SaveForEviction(std::byte* record, EntryBuffer* buffer);
  // For tables: frees the slot of a record, or copies it to another with its marks.
  void FreeRecord(std::byte* record);
  std::byte* CopyRecord(std::byte* record);
  void SetColdAt(uint32_t hash) { SetCold(key_group_of_(hash, key_groups_)); }
  // Whether the record has yet to be saved for the cut on its way.
  bool AwaitsCut(const std::byte* record) const {
    return phase_ == CutPhase::kSaving && TagOf(HeaderOf(record)) == Other(current_);
  }
  template <typename Table, typename Options>
  Table* Add(Options options);
  void GiveBack(Chunk* chunk, Mark mark);
  bool InFlight(Chunk* chunk) const;
  void EvictFrom(Chunk* chunk, const Eviction& eviction);
  void EvictRecord(Chunk* chunk, uint32_t slot, const Eviction& eviction);
  void CompactChunk(Chunk* chunk);
  void MoveRecords(Chunk* chunk);
  static Mark MarkOf(Tag tag) { return tag == Tag::kA ? Mark::kTagA : Mark::kTagB; }
  RecordOwner& OwnerOf(const std::byte* record) { return *tables_[HeaderOf(record)->table]; }

  const uint32_t key_groups_;
  const KeyGroupFunction key_group_of_;
  RecordHeap heap_;
  std::vector<std::unique_ptr<RecordOwner>> tables_;
  bool any_ttl_ = false;
  bool scarce_ = false;

  Tag current_ = Tag::kA;
  CutPhase phase_ = CutPhase::kNone;
  uint32_t cuts_ = 0;  // started
  EntryBuffer* cut_buffer_ = nullptr;
  size_t cut_chunk_ = 0;  // all before have been saved or settled
  uint32_t cut_slot_ = 0;

  bool any_cold_ = false;
  std::vector<uint8_t> cold_groups_;
  bool evicting_ = false;  // copied records are not yet in a run
  size_t hand_ = 0;
  size_t compact_chunk_ = 0;
  size_t deleted_ = 0;  // records that say so
  size_t sweep_chunk_ = 0;
  uint32_t sweep_slot_ = 0;
};

}  // namespace castor::gemini
