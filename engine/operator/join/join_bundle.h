// The rows of one side of a join that a mini-batch gathers, folded as they come: Flink's
// JoinKeyContainsUniqueKeyBundle, InputSideHasUniqueKeyBundle and InputSideHasNoUniqueKeyBundle.
//
// Where the side has a unique key, rows of equal join and unique keys are versions of one row: a
// retraction makes the addition before it vanish, an addition replaces the one before it, and of
// several retractions the last stays; what is left is a retraction, an addition, or one of each.
// Where it has none, equal rows are the same row: a retraction and an addition make each other
// vanish. Join keys, and rows within them, come out in the order in which they came in (in Flink,
// in that of a hash table). Single-threaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "operator/join/join_side.h"

namespace castor::join {

class JoinBundle {
 public:
  // `side` outlives the bundle.
  explicit JoinBundle(const JoinSide& side) : side_(side) {}

  void Add(Batch batch);
  // What is left, by join key; the bundle is empty afterwards. suppressed[row] says that the row is
  // the retraction or the addition of a pair, which the rows that it matches see as one update.
  Batch Take(std::vector<uint8_t>* suppressed);

 private:
  // Rows that are the same row, by their places among all rows added.
  using SameRows = std::vector<int32_t>;

  SameRows* Find(std::string_view join_key, std::string_view identity);
  void FoldVersion(int32_t row, SameRows* rows) const;
  void FoldEqual(int32_t row, SameRows* rows) const;
  bool Accumulates(int32_t row) const { return IsAccumulate(kinds_[static_cast<size_t>(row)]); }

  const JoinSide& side_;
  std::vector<Batch> parts_;
  std::vector<RowKind> kinds_;  // of all rows
  std::vector<SameRows> same_rows_;
  std::unordered_map<std::string, size_t> places_;  // of join key and identity, in `same_rows_`
  std::unordered_map<std::string, size_t> by_key_;  // of join keys, in `keys_`
  std::vector<std::vector<size_t>> keys_;           // the places of each join key
  state::KeyBatch join_keys_;                       // scratch
  EncodedRows identities_;
};

}  // namespace castor::join
