// The first rows of each partition by an order, over any changelog: rows behind the last number are
// kept too, and move up when others go. Semantics: Flink's RetractableTopNFunction.
//
// State: per partition and sort key the rows with it, in the order of arrival, and how many there
// should be (Flink's data state and sorted map, which differ after changes that match no row). The
// sort keys of a partition in their order are a cache in memory, rebuilt from the state; partitions
// used least recently are dropped when it holds more sort keys than
// `table.exec.rank.topn-cache-size`.
//
// With an offset and without row numbers Flink emits the very rows that its heap state holds, with
// the kind of the change set, and then finds rows by equality with their kinds: a row emitted as an
// update is not found when it is to be deleted. So kinds are kept with the rows. Single-threaded.
#pragma once

#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "column/sort_key.h"
#include "operator/api/operator.h"
#include "operator/rank/rank_output.h"
#include "operator/rows/row_list.h"
#include "state/entry_walk.h"

namespace castor {

class RetractTopN final : public Operator {
 public:
  RetractTopN(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  struct Group;  // the record of a sort key
  using Counts = std::map<std::string, int64_t, std::less<>>;
  struct Partition {
    Counts counts;  // of rows by sort key
    int64_t end = 0;
    TimestampMs written = 0;
    std::list<std::string>::iterator recent;
  };
  // A row on its way through the numbers: in state, or (null) the input's.
  struct Row {
    std::string_view bytes;
    char* list = nullptr;
    size_t offset = 0;
  };

  // Each answers false, having changed nothing that counts, when state is pending.
  Result<bool> ProcessRow(int32_t row);
  Result<bool> FindPartition(int32_t row);
  Result<bool> LoadCounts(int32_t row);
  Result<bool> LoadEnd(int32_t row, Partition* partition);
  // Sets `held_` to the groups that a change of the row may read, its own first.
  Result<bool> HoldGroups(int32_t row, bool accumulate);
  Result<bool> AcquireHeld(int32_t row);

  void DropOldPartitions();
  void ListFollowing(bool accumulate, int64_t own_held);
  Result<bool> DropStaleGroups();
  bool IsStale(const Group& group) const;
  Status ClearGroup(Group* group);
  void SetCount(std::string_view sort_key, int64_t count);
  int64_t RowsBeforeOwn() const;

  Status Add(int32_t row);
  void EmitMovedDown(std::string_view added, int64_t number);
  void EmitPushedOut(int64_t number);
  std::string_view RowOfNextGroup(int64_t skipped) const;
  Status Retract(int32_t row);
  bool FindOwn(std::string_view removed, RowList::Entry* found) const;
  void EmitMovedUpNumbered(const RowList::Entry& removed, int64_t number);
  void EmitMovedUp(const RowList::Entry& removed, int64_t number);
  void EmitRow(RowKind kind, const Row& row, int64_t number);

  const plan::Rank node_;
  const bool numbered_;
  const bool marks_rows_;  // emitted rows keep the kind of their change
  const int64_t ttl_ms_;
  const size_t cached_sort_keys_;
  const state::KeyEncoder key_encoder_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  RankOutput output_;
  OperatorContext* context_ = nullptr;
  state::MapState* groups_ = nullptr;
  state::ValueState* ends_ = nullptr;  // of a variable range

  std::unordered_map<std::string, Partition> partitions_;
  std::list<std::string> recent_;  // keys of partitions, the latest first
  size_t sort_keys_held_ = 0;
  Partition loading_;
  bool counted_ = false;  // the rows of `loading_`
  state::EntryWalk walk_;

  Batch batch_;
  int32_t row_ = 0;
  TimestampMs now_ = 0;
  state::KeyBatch keys_;
  EncodedRows sort_keys_;

  // Of the row at hand.
  Partition* partition_ = nullptr;
  std::string_view own_key_;
  RowKind own_kind_ = RowKind::kInsert;  // with which the input's row will be kept
  std::vector<std::string_view> held_keys_;
  std::vector<Group*> held_;
  std::string bytes_;
};

}  // namespace castor
