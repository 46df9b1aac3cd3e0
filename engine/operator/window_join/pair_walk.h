// Walks the rows of a window that a pass over it has to look at, page by page: outer rows, each
// with the inner rows of equal key.
//
// Keys of a page are looked up in the inner side by the batch; what cannot yield anything is not
// read. A hot key is worked off in pages on both sides, in the order outer row by outer row, so
// memory is bounded by the page. Rows are BinaryRowData bytes in the state, valid until it changes.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "operator/joining/join_keys.h"
#include "operator/window_join/join_pass.h"
#include "state/keyed_state.h"

namespace castor::window_join {

struct PairPage {
  // An outer row without further pairs; those it has in this page stand before pair `end`.
  struct OuterRow {
    const char* row;
    uint32_t end;
    bool has_candidates;  // whether there are inner rows of its key
  };
  std::vector<const char*> outer;  // per pair
  std::vector<const char*> inner;
  std::vector<OuterRow> finished;

  size_t size() const { return outer.size() + finished.size(); }
  void Clear() { outer.clear(), inner.clear(), finished.clear(); }
};

class PairWalk {
 public:
  // With `reads_pairs` false, no pairs are read: whether inner rows of equal key are there says
  // all.
  PairWalk(const JoinPass& pass, bool reads_pairs, const joining::JoinKeys& keys,
           state::WindowListState* outer, state::WindowListState* inner)
      : pass_(pass), reads_pairs_(reads_pairs), keys_of_(&keys), outer_(outer), inner_(inner) {}

  void Start(TimestampMs window);
  bool done() const { return done_; }
  // Adds to `*page` until it holds `max_size` or the walk is done. After kPending the same call
  // again.
  Result<state::Readiness> Next(size_t max_size, PairPage* page);

 private:
  // One page of values of a key.
  struct Values {
    std::vector<std::string_view> rows;
    size_t next = 0;
    uint64_t cursor = 0;  // of the page after this one
    bool first_page = true;

    bool exhausted() const {
      return next == rows.size() && cursor == state::KeyEntries::kEndOfEntries;
    }
    void Rewind();
    void Forget() { rows.clear(), next = 0, cursor = 0, first_page = true; }
  };
  static constexpr size_t kPage = 1024;

  Result<state::Readiness> LoadKeys();
  bool KeyYieldsNothing() const;
  Result<state::Readiness> Fill(state::WindowListState* state, uint64_t handle, Values* values);
  Result<state::Readiness> WalkKey(size_t max_size, PairPage* page);
  // Adds pairs of the outer row at hand; returns with `inner_rows_` exhausted or the page full.
  Result<state::Readiness> AddPairs(size_t max_size, PairPage* page);
  void NextKey();

  const JoinPass pass_;
  const bool reads_pairs_;
  const joining::JoinKeys* const keys_of_;
  state::WindowListState* const outer_;
  state::WindowListState* const inner_;

  TimestampMs window_ = 0;
  bool done_ = true;
  std::vector<state::WindowListState::Key> keys_;
  state::KeyBatch key_batch_;
  std::vector<uint64_t> inner_handles_;  // of keys_; 0: no rows of equal key
  uint64_t keys_cursor_ = 0;
  bool keys_located_ = true;
  size_t key_ = 0;
  Values outer_rows_;
  Values inner_rows_;
};

}  // namespace castor::window_join
