#include "state/memory_timer_queue.h"

#include <cstring>

namespace castor::state {
namespace {

std::string_view KeyPart(std::string_view composed) {
  uint32_t size;
  std::memcpy(&size, composed.data(), sizeof(size));
  return composed.substr(sizeof(size), size);
}

std::string_view NamespacePart(std::string_view composed) {
  return composed.substr(sizeof(uint32_t) + KeyPart(composed).size());
}

}  // namespace

MemoryTimerQueue::MemoryTimerQueue(const StoreContext& context)
    : max_parallelism_(context.max_parallelism), times_(context.pool, 0) {}

std::string_view MemoryTimerQueue::Compose(std::string_view key, std::string_view name_space) {
  const auto size = static_cast<uint32_t>(key.size());
  scratch_.assign(reinterpret_cast<const char*>(&size), sizeof(size));
  scratch_.append(key).append(name_space);
  return scratch_;
}

void MemoryTimerQueue::Register(TimestampMs time, std::string_view key, int32_t key_hash,
                                std::string_view name_space) {
  bool created = false;
  times_.FindOrCreate(time)->FindOrCreate(Compose(key, name_space), key_hash, &created);
}

void MemoryTimerQueue::Delete(TimestampMs time, std::string_view key, int32_t key_hash,
                              std::string_view name_space) {
  RecordTable* table = times_.Find(time);
  if (table == nullptr) return;
  table->Erase(Compose(key, name_space), key_hash);
  if (table->empty()) times_.Drop(time);
}

TimestampMs MemoryTimerQueue::NextTime() const {
  return times_.tables().empty() ? kMaxWatermark : times_.tables().begin()->first;
}

void MemoryTimerQueue::PopDue(TimestampMs until, size_t max, std::vector<Timer>* due) {
  due->clear();
  while (due->size() < max && !times_.tables().empty() && NextTime() <= until) {
    const TimestampMs time = NextTime();
    RecordTable* table = times_.Find(time);
    uint64_t cursor = 0;
    while (due->size() < max) {
      const std::byte* record = table->Next(&cursor);
      if (record == nullptr) break;
      const std::string_view composed = table->KeyOf(record);
      due->push_back({time, std::string(KeyPart(composed)), std::string(NamespacePart(composed))});
      table->Erase(composed, RecordTable::HashOf(record));
    }
    if (table->empty()) times_.Drop(time);
  }
}

void MemoryTimerQueue::StartCut(CutSection* section) {
  section_ = section;
  times_.StartCut(this);
}

void MemoryTimerQueue::Save(const RecordTable& table, const std::byte* record) {
  const int32_t hash = RecordTable::HashOf(record);
  BlockWriter* block = section_->NextEntry(KeyGroupOf(hash, max_parallelism_));
  block->PutI64(table.label());
  block->PutU32(static_cast<uint32_t>(hash));
  block->PutBytes(KeyPart(table.KeyOf(record)));
  block->PutBytes(NamespacePart(table.KeyOf(record)));
}

Status MemoryTimerQueue::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    const TimestampMs time = in->I64();
    const auto hash = static_cast<int32_t>(in->U32());
    const std::string_view key = in->Bytes();
    Register(time, key, hash, in->Bytes());
  }
  return Status::OK();
}

}  // namespace castor::state
