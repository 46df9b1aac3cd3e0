#include "operator/join/join_bundle.h"

#include <numeric>
#include <utility>

#include "column/gather.h"
#include "operator/bundle/mini_batch.h"

namespace castor::join {

void JoinBundle::Add(Batch batch) {
  side_.keys().Encode(batch, &join_keys_);
  side_.EncodeIdentities(batch, &identities_);
  for (int32_t i = 0; i < batch.num_rows; ++i) {
    const auto row = static_cast<int32_t>(kinds_.size());
    kinds_.push_back(batch.kind(i));
    SameRows* rows = Find(join_keys_.key(i), identities_.row(i));
    if (side_.has_unique_key()) {
      FoldVersion(row, rows);
    } else {
      FoldEqual(row, rows);
    }
  }
  parts_.push_back(std::move(batch));
}

JoinBundle::SameRows* JoinBundle::Find(std::string_view join_key, std::string_view identity) {
  const auto key_size = static_cast<uint32_t>(join_key.size());
  std::string key(reinterpret_cast<const char*>(&key_size), sizeof(key_size));
  key.append(join_key).append(identity);
  const auto [place, is_new] = places_.try_emplace(std::move(key), same_rows_.size());
  if (is_new) {
    same_rows_.emplace_back();
    const auto [group, new_key] = by_key_.try_emplace(std::string(join_key), keys_.size());
    if (new_key) keys_.emplace_back();
    keys_[group->second].push_back(place->second);
  }
  return &same_rows_[place->second];
}

void JoinBundle::FoldVersion(int32_t row, SameRows* rows) const {
  const bool accumulates = Accumulates(row);
  if (!rows->empty()) {
    const bool last_accumulates = Accumulates(rows->back());
    if (last_accumulates || !accumulates) rows->pop_back();
    if (last_accumulates && !accumulates) return;
  }
  rows->push_back(row);
}

void JoinBundle::FoldEqual(int32_t row, SameRows* rows) const {
  if (!rows->empty() && Accumulates(rows->back()) != Accumulates(row)) {
    rows->pop_back();
  } else {
    rows->push_back(row);
  }
}

Batch JoinBundle::Take(std::vector<uint8_t>* suppressed) {
  std::vector<int32_t> order;
  suppressed->clear();
  for (const std::vector<size_t>& places : keys_) {
    for (const size_t place : places) {
      const SameRows& rows = same_rows_[place];
      order.insert(order.end(), rows.begin(), rows.end());
      const bool is_update = side_.has_unique_key() && rows.size() == 2;
      suppressed->insert(suppressed->end(), rows.size(), is_update ? 1 : 0);
    }
  }
  Batch left;
  if (!order.empty()) {
    std::vector<int32_t> fields(parts_[0].columns.size());
    std::iota(fields.begin(), fields.end(), 0);
    left = Gather(bundle::JoinBatches(parts_, fields), order.data(),
                  static_cast<int32_t>(order.size()));
  }
  parts_.clear();
  kinds_.clear();
  same_rows_.clear();
  places_.clear();
  by_key_.clear();
  keys_.clear();
  return left;
}

}  // namespace castor::join
