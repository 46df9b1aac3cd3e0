#include "operator/window_join/pair_walk.h"

namespace castor::window_join {

using state::KeyEntries;
using state::Readiness;

// Back to the first value; a list of one page need not be read again.
void PairWalk::Values::Rewind() {
  if (first_page && cursor == KeyEntries::kEndOfEntries) {
    next = 0;
  } else {
    Forget();
  }
}

void PairWalk::Start(TimestampMs window) {
  window_ = window;
  done_ = false;
  keys_.clear();
  inner_handles_.clear();
  keys_cursor_ = 0;
  keys_located_ = true;
  key_ = 0;
  outer_rows_.Forget();
  inner_rows_.Forget();
}

Result<Readiness> PairWalk::LoadKeys() {
  if (keys_located_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            outer_->Keys(window_, &keys_cursor_, kPage, &keys_));
    if (readiness == Readiness::kPending) return readiness;
    keys_located_ = false;
    key_ = 0;
    EncodedRows& rows = key_batch_.rows;
    rows.bytes.clear();
    rows.offsets.assign(1, 0);
    rows.count = static_cast<int32_t>(keys_.size());
    key_batch_.hashes.clear();
    for (const auto& key : keys_) {
      rows.bytes.insert(rows.bytes.end(), key.bytes.begin(), key.bytes.end());
      rows.offsets.push_back(static_cast<uint32_t>(rows.bytes.size()));
      key_batch_.hashes.push_back(static_cast<int32_t>(key.hash));
    }
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          inner_->Locate(window_, key_batch_, &inner_handles_));
  if (readiness == Readiness::kPending) return readiness;
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_of_->EqualsNothing(keys_[i].bytes)) inner_handles_[i] = 0;
  }
  keys_located_ = true;
  return readiness;
}

bool PairWalk::KeyYieldsNothing() const {
  if (inner_handles_[key_] == 0) return !pass_.emits_unmatched;
  return !reads_pairs_ && !pass_.emits_matched;
}

void PairWalk::NextKey() {
  ++key_;
  outer_rows_.Forget();
  inner_rows_.Forget();
}

Result<Readiness> PairWalk::Fill(state::WindowListState* state, uint64_t handle, Values* values) {
  const bool first_page = values->cursor == 0;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          state->Values(handle, &values->cursor, kPage, &values->rows));
  if (readiness == Readiness::kPending) return readiness;
  values->first_page = first_page;
  values->next = 0;
  return readiness;
}

Result<Readiness> PairWalk::Next(size_t max_size, PairPage* page) {
  while (!done_ && page->size() < max_size) {
    if (key_ == keys_.size() || !keys_located_) {
      if (keys_located_ && keys_cursor_ == KeyEntries::kEndOfEntries) {
        done_ = true;
        break;
      }
      CASTOR_ASSIGN_OR_RETURN(const Readiness loaded, LoadKeys());
      if (loaded == Readiness::kPending) return loaded;
      continue;
    }
    if (KeyYieldsNothing()) {
      NextKey();
      continue;
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness walked, WalkKey(max_size, page));
    if (walked == Readiness::kPending) return walked;
    if (outer_rows_.exhausted()) NextKey();
  }
  return Readiness::kReady;
}

Result<Readiness> PairWalk::WalkKey(size_t max_size, PairPage* page) {
  const bool has_candidates = inner_handles_[key_] != 0;
  while (!outer_rows_.exhausted() && page->size() < max_size) {
    if (outer_rows_.next == outer_rows_.rows.size()) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness filled,
                              Fill(outer_, keys_[key_].handle, &outer_rows_));
      if (filled == Readiness::kPending) return filled;
      continue;
    }
    if (has_candidates && reads_pairs_) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness added, AddPairs(max_size, page));
      if (added == Readiness::kPending) return added;
      if (!inner_rows_.exhausted()) break;
      inner_rows_.Rewind();
    }
    page->finished.push_back({outer_rows_.rows[outer_rows_.next].data(),
                              static_cast<uint32_t>(page->outer.size()), has_candidates});
    ++outer_rows_.next;
  }
  return Readiness::kReady;
}

Result<Readiness> PairWalk::AddPairs(size_t max_size, PairPage* page) {
  const char* outer = outer_rows_.rows[outer_rows_.next].data();
  while (!inner_rows_.exhausted() && page->size() < max_size) {
    if (inner_rows_.next == inner_rows_.rows.size()) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness filled,
                              Fill(inner_, inner_handles_[key_], &inner_rows_));
      if (filled == Readiness::kPending) return filled;
      continue;
    }
    page->outer.push_back(outer);
    page->inner.push_back(inner_rows_.rows[inner_rows_.next++].data());
  }
  return Readiness::kReady;
}

}  // namespace castor::window_join
