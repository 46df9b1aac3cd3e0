#include "operator/join/join_bundle.h"

#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "column/gather.h"
#include "operator/bundle/mini_batch.h"
#include "state/hash_bytes.h"

namespace castor::join {

JoinBundle::JoinBundle(const JoinSide& side)
    : side_(side), pool_(std::make_unique<state::SegmentPool>()) {
  Clear();
}

void JoinBundle::Add(Batch batch) {
  EncodeKeys(batch);
  FindRecords(batch.num_rows);
  for (int32_t i = 0; i < batch.num_rows; ++i) {
    const auto row = static_cast<int32_t>(kinds_.size());
    kinds_.push_back(batch.kind(i));
    below_.push_back(-1);
    auto* rows = reinterpret_cast<SameRows*>(row_records_[static_cast<size_t>(i)]);
    side_.has_unique_key() ? FoldVersion(row, rows) : FoldEqual(row, rows);
  }
  parts_.push_back(std::move(batch));
}

void JoinBundle::EncodeKeys(const Batch& batch) {
  side_.keys().Encode(batch, &join_keys_);
  side_.EncodeIdentities(batch, &identities_);
  EncodedRows& rows = row_keys_.rows;
  rows.count = batch.num_rows;
  rows.fixed_width = 0;
  rows.bytes.clear();
  rows.offsets.assign(1, 0);
  row_keys_.hashes.clear();
  for (int32_t i = 0; i < batch.num_rows; ++i) {
    const std::string_view key = join_keys_.key(i);
    const std::string_view identity = identities_.row(i);
    const auto key_size = static_cast<uint32_t>(key.size());
    const auto* size_bytes = reinterpret_cast<const char*>(&key_size);
    rows.bytes.insert(rows.bytes.end(), size_bytes, size_bytes + sizeof(key_size));
    rows.bytes.insert(rows.bytes.end(), key.begin(), key.end());
    rows.bytes.insert(rows.bytes.end(), identity.begin(), identity.end());
    rows.offsets.push_back(static_cast<uint32_t>(rows.bytes.size()));
    const uint32_t key_hash = static_cast<uint32_t>(join_keys_.hashes[static_cast<size_t>(i)]);
    row_keys_.hashes.push_back(
        static_cast<int32_t>(key_hash * 0x9E3779B1u ^ state::HashBytes(identity)));
  }
}

void JoinBundle::FindRecords(int32_t count) {
  const auto size = static_cast<size_t>(count);
  if (rows_.size() < size) {
    rows_.resize(size);
    std::iota(rows_.begin(), rows_.end(), 0);
  }
  key_records_.resize(size);
  row_records_.resize(size);
  new_keys_.assign(size, 0);
  new_rows_.assign(size, 0);
  const std::span<const int32_t> rows(rows_.data(), size);
  constexpr auto kMode = state::AccessMode::kFindOrCreate;
  by_key_->Lookup(join_keys_, rows, kMode, key_records_.data(), new_keys_.data());
  by_identity_->Lookup(row_keys_, rows, kMode, row_records_.data(), new_rows_.data());
  for (size_t i = 0; i < size; ++i) {
    auto* key = reinterpret_cast<KeyRows*>(key_records_[i]);
    if (new_keys_[i] != 0) keys_.push_back(key);
    if (new_rows_[i] == 0) continue;
    auto* same = reinterpret_cast<SameRows*>(row_records_[i]);
    (key->last == nullptr ? key->first : key->last->next) = same;
    key->last = same;
  }
}

void JoinBundle::Push(int32_t row, SameRows* rows) {
  below_[static_cast<size_t>(row)] = rows->top;
  rows->top = row;
  ++rows->count;
}

void JoinBundle::Pop(SameRows* rows) {
  rows->top = below_[static_cast<size_t>(rows->top)];
  --rows->count;
}

void JoinBundle::FoldVersion(int32_t row, SameRows* rows) {
  const bool accumulates = Accumulates(row);
  if (rows->count > 0) {
    const bool last_accumulates = Accumulates(rows->top);
    if (last_accumulates || !accumulates) Pop(rows);
    if (last_accumulates && !accumulates) return;
  }
  Push(row, rows);
}

void JoinBundle::FoldEqual(int32_t row, SameRows* rows) {
  if (rows->count > 0 && Accumulates(rows->top) != Accumulates(row)) {
    Pop(rows);
  } else {
    Push(row, rows);
  }
}

void JoinBundle::AppendRows(const SameRows& rows, std::vector<int32_t>* order) const {
  order->resize(order->size() + static_cast<size_t>(rows.count));
  int32_t row = rows.top;
  for (int32_t i = 1; i <= rows.count; ++i) {
    (*order)[order->size() - static_cast<size_t>(i)] = row;
    row = below_[static_cast<size_t>(row)];
  }
}

Batch JoinBundle::Take(std::vector<uint8_t>* suppressed) {
  std::vector<int32_t> order;
  suppressed->clear();
  for (const KeyRows* key : keys_) {
    for (const SameRows* rows = key->first; rows != nullptr; rows = rows->next) {
      AppendRows(*rows, &order);
      const bool is_update = side_.has_unique_key() && rows->count == 2;
      suppressed->resize(order.size(), is_update ? 1 : 0);
    }
  }
  Batch left;
  if (!order.empty()) {
    std::vector<int32_t> fields(parts_[0].columns.size());
    std::iota(fields.begin(), fields.end(), 0);
    left = Gather(bundle::JoinBatches(parts_, fields), order.data(),
                  static_cast<int32_t>(order.size()));
  }
  Clear();
  return left;
}

// Bundles are alike: as large as the last ones, the tables need not grow again.
void JoinBundle::Clear() {
  const int64_t keys = by_key_ == nullptr ? 0 : by_key_->size();
  const int64_t rows = by_identity_ == nullptr ? 0 : by_identity_->size();
  by_key_ = std::make_unique<state::RecordTable>(pool_.get(), int32_t{sizeof(KeyRows)});
  by_identity_ = std::make_unique<state::RecordTable>(pool_.get(), int32_t{sizeof(SameRows)});
  if (keys > 0) by_key_->Reserve(keys);
  if (rows > 0) by_identity_->Reserve(rows);
  parts_.clear();
  kinds_.clear();
  below_.clear();
  keys_.clear();
}

}  // namespace castor::join
