#include "state/memory_value_state.h"

#include <algorithm>

namespace castor::state {
namespace {

// Records looked at per access when a TTL is set, so that state nobody asks for again goes away
// too.
constexpr int kSweepPerAccess = 64;

}  // namespace

MemoryValueState::MemoryValueState(const StoreContext& context, const StateDescriptor& descriptor)
    : max_parallelism_(context.max_parallelism),
      expiry_{context.clock, descriptor.ttl_ms},
      io_(descriptor.layout),
      table_(context.pool, descriptor.layout.fixed_size) {}

MemoryValueState::~MemoryValueState() {
  if (!io_.has_blobs()) return;
  uint64_t cursor = 0;
  while (std::byte* record = table_.Next(&cursor)) io_.Reset(record);
}

Result<Readiness> MemoryValueState::Acquire(const KeyBatch& keys, AccessMode mode,
                                            std::byte** records, uint8_t* created) {
  const auto count = static_cast<size_t>(keys.count());
  if (all_rows_.size() < count) {
    all_rows_.resize(count);
    std::iota(all_rows_.begin(), all_rows_.end(), 0);
  }
  if (created == nullptr && expiry_.enabled()) {
    created_scratch_.resize(count);
    created = created_scratch_.data();
  }
  if (created != nullptr) std::fill_n(created, count, uint8_t{0});
  table_.Lookup(keys, {all_rows_.data(), count}, mode, records, created);
  if (expiry_.enabled()) ApplyExpiry(mode, {records, count}, created);
  return Readiness::kReady;
}

void MemoryValueState::ApplyExpiry(AccessMode mode, std::span<std::byte*> records,
                                   uint8_t* created) {
  const TimestampMs now = expiry_.clock->NowMs();
  for (size_t i = 0; i < records.size(); ++i) {
    std::byte* record = records[i];
    if (record == nullptr) continue;
    const bool expired = created[i] == 0 && expiry_.Expired(RecordTable::TimeOf(record), now);
    if (mode == AccessMode::kFind) {
      if (expired) records[i] = nullptr;
      continue;
    }
    if (expired) {
      io_.Reset(record);
      created[i] = 1;
    }
    RecordTable::SetTime(record, now);
  }
  SweepExpired();
}

// Only between acquisitions do records go away, and this runs at the end of one: it skips what was
// just handed out because that was written now, or (kFind) has not expired.
void MemoryValueState::SweepExpired() {
  const TimestampMs now = expiry_.clock->NowMs();
  for (int i = 0; i < kSweepPerAccess; ++i) {
    std::byte* record = table_.Next(&sweep_cursor_);
    if (record == nullptr) {
      sweep_cursor_ = 0;
      return;
    }
    if (!expiry_.Expired(RecordTable::TimeOf(record), now)) continue;
    table_.BeforeChange(record);
    io_.Reset(record);
    table_.Erase(table_.KeyOf(record), RecordTable::HashOf(record));
  }
}

void MemoryValueState::Erase(const KeyBatch& keys, std::span<const int32_t> rows) {
  for (const int32_t row : rows) {
    const int32_t hash = keys.hashes[static_cast<size_t>(row)];
    if (io_.has_blobs()) {
      if (std::byte* record = table_.Find(keys.key(row), hash)) io_.Reset(record);
    }
    table_.Erase(keys.key(row), hash);
  }
}

void MemoryValueState::StartCut(CutSection* section) {
  section_ = section;
  cut_time_ = expiry_.enabled() ? expiry_.clock->NowMs() : 0;
  table_.StartCut(this);
}

void MemoryValueState::Save(const RecordTable& table, const std::byte* record) {
  if (expiry_.Expired(RecordTable::TimeOf(record), cut_time_)) return;
  const int32_t hash = RecordTable::HashOf(record);
  BlockWriter* block = section_->NextEntry(KeyGroupOf(hash, max_parallelism_));
  block->PutU32(static_cast<uint32_t>(hash));
  block->PutI64(RecordTable::TimeOf(record));
  block->PutBytes(table.KeyOf(record));
  io_.Save(record, block);
}

Status MemoryValueState::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    const auto hash = static_cast<int32_t>(in->U32());
    const TimestampMs time = in->I64();
    bool created = false;
    std::byte* record = table_.FindOrCreate(in->Bytes(), hash, &created);
    RecordTable::SetTime(record, time);
    CASTOR_RETURN_NOT_OK(io_.Load(in, record));
  }
  return Status::OK();
}

}  // namespace castor::state
