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
#include <memory>
#include <vector>

#include "operator/join/join_side.h"
#include "state/record_table.h"
#include "state/segment_pool.h"

namespace castor::join {

class JoinBundle {
 public:
  // `side` outlives the bundle.
  explicit JoinBundle(const JoinSide& side);

  void Add(Batch batch);
  // What is left, by join key; the bundle is empty afterwards. suppressed[row] says that the row is
  // the retraction or the addition of a pair, which the rows that it matches see as one update.
  Batch Take(std::vector<uint8_t>* suppressed);

 private:
  // Rows that are the same row: a stack through `below_`. The payload of a record.
  struct SameRows {
    int32_t top;  // among all rows added
    int32_t count;
    SameRows* next;  // of the same join key
  };
  // The rows of a join key, in the order in which they came. The payload of a record.
  struct KeyRows {
    SameRows* first;
    SameRows* last;
  };
  static_assert(sizeof(SameRows) == 16 && sizeof(KeyRows) == 16);

  void EncodeKeys(const Batch& batch);
  // Finds or makes the records of the batch's rows; new ones are hung up in order.
  void FindRecords(int32_t count);
  void FoldVersion(int32_t row, SameRows* rows);
  void FoldEqual(int32_t row, SameRows* rows);
  void Push(int32_t row, SameRows* rows);
  void Pop(SameRows* rows);
  void AppendRows(const SameRows& rows, std::vector<int32_t>* order) const;
  void Clear();
  bool Accumulates(int32_t row) const { return IsAccumulate(kinds_[static_cast<size_t>(row)]); }

  const JoinSide& side_;
  std::vector<Batch> parts_;
  std::vector<RowKind> kinds_;  // of all rows
  std::vector<int32_t> below_;  // of all rows
  std::unique_ptr<state::SegmentPool> pool_;
  std::unique_ptr<state::RecordTable> by_key_;       // join key -> KeyRows
  std::unique_ptr<state::RecordTable> by_identity_;  // join key and identity -> SameRows
  std::vector<KeyRows*> keys_;                       // in order

  // Of the batch at hand.
  state::KeyBatch join_keys_;
  EncodedRows identities_;
  state::KeyBatch row_keys_;  // join key and identity of each row
  std::vector<int32_t> rows_;
  std::vector<std::byte*> key_records_, row_records_;
  std::vector<uint8_t> new_keys_, new_rows_;
};

}  // namespace castor::join
