// Entries of a key's map that are needed together: named first, then acquired at once, and held by
// their user keys until they are released, when those that are not wanted any more are erased.
//
// Not thread-safe; memory is reused.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "state/keyed_state.h"

namespace castor::over {

class HeldEntries {
 public:
  void Open(state::MapState* map) { map_ = map; }

  // While none are held: another one, made if it is not there.
  void Name(std::string_view user_key) { names_.emplace_back(user_key); }
  // Of keys.key(row). After kPending, to be repeated.
  Result<state::Readiness> Acquire(const state::KeyBatch& keys, int32_t row) {
    if (user_keys_.empty()) user_keys_.assign(names_.begin(), names_.end());
    rows_.assign(user_keys_.size(), row);
    records_.resize(user_keys_.size());
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                            map_->Acquire(keys, rows_, user_keys_, state::AccessMode::kFindOrCreate,
                                          records_.data(), nullptr));
    if (readiness == state::Readiness::kPending) return readiness;
    for (size_t i = 0; i < user_keys_.size(); ++i) held_.emplace(user_keys_[i], records_[i]);
    return readiness;
  }

  // One that was named.
  std::byte* At(std::string_view user_key) const { return held_.at(user_key); }
  void EraseLater(std::string_view user_key) { gone_.emplace_back(user_key); }

  void Release(const state::KeyBatch& keys, int32_t row) {
    map_->Release();
    user_keys_.assign(gone_.begin(), gone_.end());
    rows_.assign(gone_.size(), row);
    if (!gone_.empty()) map_->Erase(keys, rows_, user_keys_);
    user_keys_.clear();
    names_.clear();
    gone_.clear();
    held_.clear();
  }

 private:
  state::MapState* map_ = nullptr;
  std::vector<std::string> names_;
  std::vector<std::string> gone_;
  std::vector<std::string_view> user_keys_;
  std::vector<int32_t> rows_;
  std::vector<std::byte*> records_;
  std::unordered_map<std::string_view, std::byte*> held_;
};

}  // namespace castor::over
