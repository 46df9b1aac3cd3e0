#include "operator/over/sorted_partition.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "state/key_list.h"

namespace castor::over {

using state::Readiness;

namespace {

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

Result<Readiness> SortedPartitions::Find(const state::KeyBatch& keys, int32_t row) {
  std::string key(keys.key(row));
  auto found = partitions_.find(key);
  if (found == partitions_.end()) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness loaded, Load(keys, row));
    if (loaded == Readiness::kPending) return loaded;
    recent_.push_front(key);
    found = partitions_.emplace(std::move(key), std::exchange(loading_, {})).first;
    found->second.recent = recent_.begin();
    held_ += found->second.rows.size();
    bytes_held_ += found->second.bytes;
    DropOld();
  } else {
    recent_.splice(recent_.begin(), recent_, found->second.recent);
  }
  current_ = &found->second;
  return Readiness::kReady;
}

Result<Readiness> SortedPartitions::Load(const state::KeyBatch& keys, int32_t row) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness walked,
                          walk_.Run(rows_, keys, row, [this](const state::Record& entry) {
                            uint64_t number;
                            const size_t size = entry.key.size() - sizeof(number);
                            std::memcpy(&number, entry.key.data() + size, sizeof(number));
                            const auto [group, added] =
                                loading_.rows.try_emplace(std::string(entry.key.substr(0, size)));
                            group->second.push_back(number);
                            loading_.bytes += BytesOf(size, added);
                            loading_.next_number = std::max(loading_.next_number, number + 1);
                          }));
  if (walked == Readiness::kPending) return walked;
  for (auto& [sort_key, numbers] : loading_.rows) std::sort(numbers.begin(), numbers.end());
  return walked;
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

void SortedPartitions::Add(std::string_view sort_key) {
  const auto [group, added] = current_->rows.try_emplace(std::string(sort_key));
  held_ += added ? 1 : 0;
  Grow(BytesOf(sort_key.size(), added));
  group->second.push_back(current_->next_number++);
}

void SortedPartitions::Remove(std::string_view sort_key, uint64_t number) {
  const auto group = current_->rows.find(sort_key);
  std::erase(group->second, number);
  Grow(-BytesOf(sort_key.size(), group->second.empty()));
  if (!group->second.empty()) return;
  current_->rows.erase(group);
  --held_;
}

}  // namespace castor::over
