// How a store takes in what a canonical snapshot holds: as an owner who writes it all.
#include <chrono>
#include <cstring>
#include <thread>

#include "state/gemini_states.h"
#include "state/gemini_store.h"
#include "state/snapshot_format.h"

namespace castor::state {
namespace {

// Until the job says what the TTL is, times are kept and nothing expires.
constexpr int64_t kForEver = int64_t{1} << 60;
constexpr auto kPatience = std::chrono::microseconds(200);

// One key as a batch.
class OneKey {
 public:
  OneKey(std::string_view key, uint32_t hash)
      : hash_(static_cast<int32_t>(hash)),
        offsets_{0, static_cast<uint32_t>(key.size())},
        keys_{key.data(), 0, offsets_, &hash_, 1} {}
  OneKey(const OneKey&) = delete;
  OneKey& operator=(const OneKey&) = delete;
  const gemini::Keys& keys() const { return keys_; }

 private:
  const int32_t hash_;
  const uint32_t offsets_[2];
  const gemini::Keys keys_;
};

constexpr int32_t kRow = 0;

// Before anything of it is written.
Status CheckWhole(const BlockReader& in) {
  return in.failed() ? Status::Corruption("state snapshot: a record is cut off") : Status::OK();
}

}  // namespace

Status GeminiStore::RestoreCanonical(std::string_view bytes) {
  Entry* current = nullptr;
  SnapshotVisitor visitor;
  visitor.on_state = [&](StateKind kind, const StateDescriptor& descriptor) -> Status {
    StateDescriptor kept = descriptor;
    kept.ttl_ms = kForEver;
    CASTOR_ASSIGN_OR_RETURN(current, Find({kind, std::move(kept)}));
    return Status::OK();
  };
  visitor.on_block = [&](int32_t, uint32_t entries, BlockReader& in) -> Status {
    if (current == nullptr) return Status::Corruption("state snapshot: a block without its state");
    return Load(current, entries, &in);
  };
  return DecodeSnapshot(bytes, range_, max_parallelism_, visitor);
}

Status GeminiStore::Load(Entry* entry, uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) CASTOR_RETURN_NOT_OK(LoadOne(entry, in));
  do {
    Maintain(/*at_rest=*/true, std::chrono::milliseconds(1));
    if (MustWait()) std::this_thread::sleep_for(kPatience);
  } while (MustWait());
  return Status::OK();
}

// Until what is cold has been read.
template <typename Acquire>
Status GeminiStore::Await(const Acquire& acquire) {
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness ready, acquire());
    if (ready == Readiness::kReady) return Status::OK();
    std::this_thread::sleep_for(kPatience);
  }
}

template <typename Table>
Status GeminiStore::LoadRecord(Table* table, const RecordLayout& layout, std::byte* record,
                               BlockReader* in) {
  const std::string_view fixed = in->Raw(static_cast<size_t>(layout.fixed_size));
  CASTOR_RETURN_NOT_OK(CheckWhole(*in));
  std::memcpy(record, fixed.data(), fixed.size());
  for (const int32_t offset : layout.blob_offsets) {
    auto* blob = reinterpret_cast<Blob*>(record + offset);
    *blob = {};  // the saved pointer means nothing here
    table->SetBlob(blob, in->Bytes());
  }
  return Status::OK();
}

Status GeminiStore::LoadOne(Entry* entry, BlockReader* in) {
  const RecordLayout& layout = entry->described.descriptor.layout;
  std::byte* record = nullptr;
  if (entry->described.kind == StateKind::kValue) {
    auto* table = std::get<gemini::RecordTable*>(entry->table);
    const uint32_t hash = in->U32();
    const int64_t time = in->I64();
    const OneKey key(in->Bytes(), hash);
    CASTOR_RETURN_NOT_OK(CheckWhole(*in));
    CASTOR_RETURN_NOT_OK(Await([&] {
      return store_->Acquire(table, key.keys(), AccessMode::kFindOrCreate, time, &record, nullptr);
    }));
    return LoadRecord(table, layout, record, in);
  }
  if (entry->described.kind == StateKind::kTimers) {
    const int64_t time = in->I64();
    const uint32_t hash = in->U32();
    const std::string_view key = in->Bytes();
    const std::string_view name_space = in->Bytes();
    CASTOR_RETURN_NOT_OK(CheckWhole(*in));
    store_->Register(std::get<gemini::TimerTable*>(entry->table), {time, hash, key, name_space});
    return Status::OK();
  }
  if (entry->described.kind == StateKind::kWindowList) {
    const int64_t window = in->I64();
    const uint32_t hash = in->U32();
    const OneKey key(in->Bytes(), hash);
    const std::string_view row = in->Bytes();
    CASTOR_RETURN_NOT_OK(CheckWhole(*in));
    store_->Append(std::get<gemini::WindowListTable*>(entry->table), {&window, 1}, key.keys(),
                   {&row, 1});
    return Status::OK();
  }
  auto* table = std::get<gemini::EntryTable*>(entry->table);
  if (entry->described.kind == StateKind::kWindow) {
    const int64_t window = in->I64();
    const uint32_t hash = in->U32();
    const OneKey key(in->Bytes(), hash);
    CASTOR_RETURN_NOT_OK(CheckWhole(*in));
    CASTOR_RETURN_NOT_OK(Await([&] {
      return store_->Acquire(table, {&window, 1}, key.keys(), AccessMode::kFindOrCreate, 0, &record,
                             nullptr);
    }));
    return LoadRecord(table, layout, record, in);
  }
  const uint32_t hash = in->U32();
  const OneKey key(in->Bytes(), hash);
  const int64_t time = in->I64();
  const std::string_view bytes = in->Bytes();
  CASTOR_RETURN_NOT_OK(CheckWhole(*in));
  const gemini::EntryKeys one{key.keys(), {&kRow, 1}, {&bytes, 1}};
  if (entry->described.kind == StateKind::kList) {
    store_->Append(table, one, time, &record);
  } else {
    CASTOR_RETURN_NOT_OK(Await([&] {
      return store_->Acquire(table, one, AccessMode::kFindOrCreate, time, &record, nullptr);
    }));
  }
  return LoadRecord(table, layout, record, in);
}

}  // namespace castor::state
