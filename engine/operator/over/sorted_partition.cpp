#include "operator/over/sorted_partition.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "state/key_list.h"

namespace castor::over {
namespace {

using state::Readiness;

Status NotInMemory() { return Status::Internal("a row of an OVER window is not in memory"); }

// Of a row's number, and of its sort key where it is the only one with it.
int64_t BytesOf(size_t sort_key, bool alone) {
  constexpr auto kNumber = static_cast<int64_t>(sizeof(uint64_t));
  using Numbers = SortedRows::mapped_type;
  return kNumber + (alone ? MapEntryBytes(sort_key, sizeof(Numbers)) : 0);
}

}  // namespace

std::string SortedPartitions::UserKey(std::string_view sort_key, uint64_t number) {
  std::string key(sort_key);
  key.append(reinterpret_cast<const char*>(&number), sizeof(number));
  return key;
}

Status SortedPartitions::Open(state::KeyedStateStore& store, const std::string& row_schema) {
  state::StateDescriptor descriptor;
  descriptor.name = "valueMapState";
  descriptor.layout.fixed_size = sizeof(state::Blob);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = "sort key, number -> " + row_schema;
  CASTOR_ASSIGN_OR_RETURN(rows_, store.OpenMap(descriptor));
  return Status::OK();
}

Result<SortedRows*> SortedPartitions::Find(const state::KeyBatch& keys, int32_t row) {
  std::string key(keys.key(row));
  auto found = partitions_.find(key);
  if (found == partitions_.end()) {
    Partition loaded;
    CASTOR_ASSIGN_OR_RETURN(const bool ready, Load(keys, row, &loaded));
    if (!ready) return static_cast<SortedRows*>(nullptr);
    recent_.push_front(key);
    loaded.recent = recent_.begin();
    held_ += loaded.rows.size();
    bytes_held_ += loaded.bytes;
    found = partitions_.emplace(std::move(key), std::move(loaded)).first;
    DropOld();
  } else {
    recent_.splice(recent_.begin(), recent_, found->second.recent);
  }
  current_ = &found->second;
  return &current_->rows;
}

Result<bool> SortedPartitions::Load(const state::KeyBatch& keys, int32_t row,
                                    Partition* partition) {
  std::vector<uint64_t> handles;
  CASTOR_ASSIGN_OR_RETURN(const Readiness located, rows_->Locate(keys, {&row, 1}, &handles));
  if (located == Readiness::kPending) return false;
  uint64_t cursor = handles[0] == 0 ? state::KeyEntries::kEndOfEntries : 0;
  std::vector<state::Record> page;
  while (cursor != state::KeyEntries::kEndOfEntries) {
    page.clear();
    CASTOR_ASSIGN_OR_RETURN(const Readiness read, rows_->Entries(handles[0], &cursor, 4096, &page));
    if (read == Readiness::kPending) return false;
    for (const state::Record& entry : page) {
      uint64_t number;
      const size_t size = entry.key.size() - sizeof(number);
      std::memcpy(&number, entry.key.data() + size, sizeof(number));
      const auto [group, added] =
          partition->rows.try_emplace(std::string(entry.key.substr(0, size)));
      group->second.push_back(number);
      partition->bytes += BytesOf(size, added);
      partition->next_number = std::max(partition->next_number, number + 1);
    }
  }
  for (auto& [sort_key, numbers] : partition->rows) std::sort(numbers.begin(), numbers.end());
  return true;
}

void SortedPartitions::Clear(const state::KeyBatch& keys) {
  rows_->Clear(keys, state::AllRows(keys));
  for (int32_t row = 0; row < keys.count(); ++row) {
    const auto held = partitions_.find(std::string(keys.key(row)));
    if (held != partitions_.end()) Drop(held);
  }
}

void SortedPartitions::Drop(Partitions::iterator partition) {
  held_ -= partition->second.rows.size();
  bytes_held_ -= partition->second.bytes;
  recent_.erase(partition->second.recent);
  partitions_.erase(partition);
}

// Of the partition at hand.
void SortedPartitions::Grow(int64_t bytes) {
  current_->bytes += bytes;
  bytes_held_ += bytes;
  charge_.Set(bytes_held_);
}

void SortedPartitions::DropOld() {
  while (held_ > kMaxSortKeys && recent_.size() > 1) {
    Drop(partitions_.find(recent_.back()));
  }
}

Status SortedPartitions::Add(const state::KeyBatch& keys, int32_t row, std::string_view sort_key,
                             std::string_view bytes) {
  const uint64_t number = current_->next_number++;
  const std::string user_key = UserKey(sort_key, number);
  const std::string_view view = user_key;
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          rows_->Acquire(keys, {&row, 1}, {&view, 1},
                                         state::AccessMode::kFindOrCreate, &record, nullptr));
  if (readiness == Readiness::kPending) return NotInMemory();
  const Status stored = rows_->SetBlob(reinterpret_cast<state::Blob*>(record), bytes);
  rows_->Release();
  const auto [group, added] = current_->rows.try_emplace(std::string(sort_key));
  held_ += added ? 1 : 0;
  Grow(BytesOf(sort_key.size(), added));
  group->second.push_back(number);
  return stored;
}

Status SortedPartitions::Read(const state::KeyBatch& keys, int32_t row, std::string_view sort_key,
                              uint64_t number, std::string* bytes) {
  const std::string user_key = UserKey(sort_key, number);
  const std::string_view view = user_key;
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      rows_->Acquire(keys, {&row, 1}, {&view, 1}, state::AccessMode::kFind, &record, nullptr));
  if (readiness == Readiness::kPending || record == nullptr) return NotInMemory();
  bytes->assign(reinterpret_cast<const state::Blob*>(record)->view());
  rows_->Release();
  return Status::OK();
}

void SortedPartitions::Remove(const state::KeyBatch& keys, int32_t row, std::string_view sort_key,
                              uint64_t number) {
  const std::string user_key = UserKey(sort_key, number);
  const std::string_view view = user_key;
  rows_->Erase(keys, {&row, 1}, {&view, 1});
  const auto group = current_->rows.find(sort_key);
  std::erase(group->second, number);
  Grow(-BytesOf(sort_key.size(), group->second.empty()));
  if (!group->second.empty()) return;
  current_->rows.erase(group);
  --held_;
}

}  // namespace castor::over
