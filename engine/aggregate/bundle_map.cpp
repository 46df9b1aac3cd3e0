#include "aggregate/bundle_map.h"

#include <algorithm>
#include <cstring>

#include "state/hash_bytes.h"

namespace castor::aggregate {

using state::RecordTable;

BundleMap::BundleMap(int32_t entry_size)
    : payload_size_(static_cast<int32_t>(sizeof(Links)) + entry_size),
      table_(std::make_unique<RecordTable>(&pool_, payload_size_)) {}

void BundleMap::MakeKeys(std::byte* const* records, std::span<const int32_t> rows,
                         std::span<const std::string_view> values) {
  EncodedRows& encoded = keys_.rows;
  encoded.count = static_cast<int32_t>(rows.size());
  encoded.offsets.resize(rows.size() + 1);
  uint32_t end = 0;
  for (size_t j = 0; j < rows.size(); ++j) {
    encoded.offsets[j] = end;
    end += static_cast<uint32_t>(sizeof(std::byte*) + values[j].size());
  }
  encoded.offsets[rows.size()] = end;
  encoded.bytes.resize(end);
  keys_.hashes.resize(rows.size());
  for (size_t j = 0; j < rows.size(); ++j) {
    auto* key = reinterpret_cast<char*>(encoded.bytes.data() + encoded.offsets[j]);
    std::memcpy(key, &records[rows[j]], sizeof(std::byte*));
    values[j].copy(key + sizeof(std::byte*), values[j].size());
    keys_.hashes[j] =
        static_cast<int32_t>(state::HashBytes({key, sizeof(std::byte*) + values[j].size()}));
  }
  for (size_t row = all_.size(); row < rows.size(); ++row) {
    all_.push_back(static_cast<int32_t>(row));
  }
}

void BundleMap::FindOrCreate(std::byte* const* records, std::span<const int32_t> rows,
                             std::span<const std::string_view> values, std::byte** entries,
                             uint8_t* created) {
  MakeKeys(records, rows, values);
  // As large as the last time, the table need not grow again.
  if (table_->empty()) table_->Reserve(last_size_);
  std::fill_n(created, rows.size(), uint8_t{0});
  table_->Lookup(keys_, {all_.data(), rows.size()}, state::AccessMode::kFindOrCreate, entries,
                 created);
  for (size_t j = 0; j < rows.size(); ++j) {
    auto* links = reinterpret_cast<Links*>(entries[j]);
    entries[j] += sizeof(Links);
    if (created[j] == 0) continue;
    Chain& chain = ChainOf(records[rows[j]]);
    links->previous = chain.last;
    (chain.last != nullptr ? chain.last->next : chain.first) = links;
    chain.last = links;
  }
}

void BundleMap::Erase(std::byte* const* records, std::span<const int32_t> rows,
                      std::span<const std::string_view> values) {
  MakeKeys(records, rows, values);
  for (size_t j = 0; j < rows.size(); ++j) {
    const std::string_view key = keys_.key(static_cast<int32_t>(j));
    std::byte* found = table_->Find(key, keys_.hashes[j]);
    if (found == nullptr) continue;
    Unlink(&ChainOf(records[rows[j]]), reinterpret_cast<Links*>(found));
    table_->Erase(key, keys_.hashes[j]);
  }
}

void BundleMap::Unlink(Chain* chain, Links* links) {
  (links->previous != nullptr ? links->previous->next : chain->first) = links->next;
  (links->next != nullptr ? links->next->previous : chain->last) = links->previous;
}

// Bundles of a stream are alike: the next one takes the memory of this one.
void BundleMap::Clear() {
  if (table_->empty()) return;
  last_size_ = table_->size();
  pool_.KeepIdle(pool_.used_bytes());
  table_ = std::make_unique<RecordTable>(&pool_, payload_size_);
}

void BundleMap::Walk(uint64_t handle, uint64_t* cursor, size_t most,
                     std::vector<state::Record>* page) const {
  auto* next = reinterpret_cast<Links*>(*cursor == 0 ? handle : *cursor);
  for (; next != nullptr && most > 0; next = next->next, --most) {
    auto* payload = reinterpret_cast<std::byte*>(next);
    if (next->next != nullptr) __builtin_prefetch(next->next);
    page->push_back({table_->KeyOf(payload).substr(sizeof(std::byte*)), payload + sizeof(Links)});
  }
  *cursor = next == nullptr ? state::KeyEntries::kEndOfEntries : reinterpret_cast<uintptr_t>(next);
}

}  // namespace castor::aggregate
