#include "gemini/memory/memory_tier.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace castor::gemini {

using namespace record_flag;

MemoryTier::MemoryTier(uint32_t key_groups, KeyGroupFunction key_group_of)
    : key_groups_(key_groups), key_group_of_(key_group_of), cold_groups_(key_groups, 0) {}

MemoryTier::~MemoryTier() = default;

template <typename Table, typename Options>
Table* MemoryTier::Add(Options options) {
  const auto number = static_cast<uint16_t>(tables_.size());
  auto table = std::make_unique<Table>(this, number, std::move(options));
  Table* const added = table.get();
  added->SetDense(scarce_);
  tables_.push_back(std::move(table));
  return added;
}

RecordTable* MemoryTier::AddTable(TableOptions options) {
  any_ttl_ |= options.ttl_ms > 0;
  return Add<RecordTable>(std::move(options));
}

EntryTable* MemoryTier::AddEntryTable(EntryTableOptions options) {
  any_ttl_ |= options.ttl_ms > 0;
  return Add<EntryTable>(std::move(options));
}

TimerTable* MemoryTier::AddTimerTable(TimerTableOptions options) {
  return Add<TimerTable>(std::move(options));
}

WindowListTable* MemoryTier::AddWindowListTable(WindowListOptions options) {
  return Add<WindowListTable>(std::move(options));
}

void MemoryTier::SetScarce(bool scarce) {
  if (scarce == scarce_) return;
  scarce_ = scarce;
  for (const auto& table : tables_) table->SetDense(scarce);
}

void MemoryTier::SetCold(uint32_t key_group) {
  any_cold_ = true;
  cold_groups_[key_group] = 1;
}

int64_t MemoryTier::charged_bytes() const {
  int64_t bytes = heap_.charged_bytes();
  for (const auto& table : tables_) bytes += table->index_bytes();
  return bytes;
}

void MemoryTier::BeforeChange(std::byte* record) {
  if (AwaitsCut(record)) SaveForCut(record);
  Tagged(record);
}

size_t MemoryTier::SaveForCut(std::byte* record) {
  const size_t entries = cut_buffer_->size();
  RecordOwner& owner = OwnerOf(record);
  std::byte* before = owner.SavedBefore(record);
  if (before != nullptr && AwaitsCut(before)) SaveForCut(before);
  owner.Save(record, cut_buffer_);
  RecordHeader* header = HeaderOf(record);
  header->flags = (header->flags & ~kTag) | kStored;
  return cut_buffer_->size() - entries;
}

void MemoryTier::FreeRecord(std::byte* record) {
  HeaderOf(record)->flags = 0;
  Chunk* chunk = Chunk::Of(record);
  const uint32_t slot = chunk->SlotOf(record);
  for (const Mark mark : kAllMarks) {
    if (chunk->CountOf(mark) > 0) chunk->Clear(mark, slot);
  }
  heap_.Free(record);
}

std::byte* MemoryTier::CopyRecord(std::byte* record) {
  Chunk* from = Chunk::Of(record);
  std::byte* to = heap_.Allocate(from->slot_bytes, RecordHeap::Use::kRecord);
  std::memcpy(to, record, from->slot_bytes);
  Chunk* chunk = Chunk::Of(to);
  for (const Mark mark : kAllMarks) {
    if (from->Has(mark, from->SlotOf(record))) chunk->Set(mark, chunk->SlotOf(to));
  }
  return to;
}

void MemoryTier::StartCut(EntryBuffer* buffer) {
  cut_buffer_ = buffer;
  current_ = Other(current_);
  phase_ = CutPhase::kSaving;
  ++cuts_;
  cut_chunk_ = 0;
  cut_slot_ = 0;
}

bool MemoryTier::SaveSome(size_t records) {
  if (phase_ != CutPhase::kSaving) return false;
  const Tag of_cut = Other(current_);
  const Mark mark = MarkOf(of_cut);
  while (records > 0) {
    if (cut_chunk_ >= heap_.chunks().size()) {
      phase_ = CutPhase::kSaved;
      return false;
    }
    Chunk* chunk = heap_.chunks()[cut_chunk_];
    if (chunk != nullptr && chunk->CountOf(mark) > 0) {
      const uint32_t slot = chunk->NextMarked(mark, cut_slot_);
      if (slot < chunk->slots) {
        cut_slot_ = slot + 1;
        std::byte* record = chunk->At(slot);
        const size_t saved = TagOf(HeaderOf(record)) == of_cut ? SaveForCut(record) : 0;
        records -= std::min(records, std::max<size_t>(saved, 1));
        continue;
      }
    }
    --records;
    ++cut_chunk_;
    cut_slot_ = 0;
  }
  return true;
}

void MemoryTier::EndCut(bool durable) {
  phase_ = durable ? CutPhase::kForgetting : CutPhase::kGivingBack;
  cut_buffer_ = nullptr;
  cut_chunk_ = 0;
}

bool MemoryTier::Settle(size_t chunks) {
  if (phase_ != CutPhase::kForgetting && phase_ != CutPhase::kGivingBack) return false;
  const Mark mark = MarkOf(Other(current_));
  for (; chunks > 0; --chunks, ++cut_chunk_) {
    if (cut_chunk_ >= heap_.chunks().size()) {
      phase_ = CutPhase::kNone;
      return false;
    }
    Chunk* chunk = heap_.chunks()[cut_chunk_];
    if (chunk == nullptr || chunk->CountOf(mark) == 0) continue;
    if (phase_ == CutPhase::kGivingBack) GiveBack(chunk, mark);
    chunk->ClearAll(mark);
  }
  return true;
}

// What has the mark counts as changed since the last cut.
void MemoryTier::GiveBack(Chunk* chunk, Mark mark) {
  for (uint32_t slot = chunk->NextMarked(mark, 0); slot < chunk->slots;
       slot = chunk->NextMarked(mark, slot + 1)) {
    std::byte* record = chunk->At(slot);
    OwnerOf(record).NotSaved(record);
    Tagged(record);
  }
}

bool MemoryTier::FreeDropped(size_t records) {
  bool more = false;
  for (const auto& table : tables_) more |= table->FreeSome(records);
  return more;
}

void MemoryTier::Sweep(size_t records, int64_t now) {
  if (!any_ttl_ && deleted_ == 0) return;
  for (; records > 0; --records) {
    if (sweep_chunk_ >= heap_.chunks().size()) {
      sweep_chunk_ = 0;
      return;
    }
    Chunk* chunk = heap_.chunks()[sweep_chunk_];
    if (chunk == nullptr || !chunk->of_records || sweep_slot_ >= chunk->untouched) {
      ++sweep_chunk_;
      sweep_slot_ = 0;
      continue;
    }
    const uint32_t slot = sweep_slot_++;
    std::byte* record = chunk->At(slot);
    if (!IsLive(HeaderOf(record))) continue;
    OwnerOf(record).Tidy(record, now, InFlight(chunk));
  }
}

// Whether records of the chunk are clean only if a write that is on its way succeeds.
bool MemoryTier::InFlight(Chunk* chunk) const {
  return chunk->CountOf(MarkOf(Other(current_))) > 0 || chunk->CountOf(Mark::kEvicting) > 0;
}

}  // namespace castor::gemini
