// OVER windows from the first row of a partition in an order that is not by time, over any
// changelog: a row that comes or goes changes the results of all rows behind it. Semantics: Flink's
// NonTimeRangeUnboundedPrecedingFunction and NonTimeRowsUnboundedPrecedingFunction, with what they
// do when rows are equal.
//
// State: the rows of a partition in their order, and the accumulators as of each sort key (RANGE)
// or each row (ROWS), from which the rows behind a change are added anew until nothing changes any
// more. What DISTINCT has seen is forgotten after each change, as in Flink, so that it takes
// together only values that one change adds. With a state TTL whole partitions go. A change holds
// the state that it may read or write before it is made, so that state may be pending; of the rows
// behind it some at a time. Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aggregate/aggregator.h"
#include "column/sort_key.h"
#include "expr/program.h"
#include "operator/api/operator.h"
#include "operator/over/held_entries.h"
#include "operator/over/key_cleanup.h"
#include "operator/over/sorted_partition.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/row_output.h"
#include "plan/nodes/over.h"
#include "state/record_io.h"
#include "state/snapshot.h"

namespace castor::over {

class SortedOver final : public Operator {
 public:
  SortedOver(const plan::OverAggregate& node, const LogicalType& input, SortKeyEncoder sort_keys,
             int64_t ttl_ms);
  ~SortedOver() override;

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;

 private:
  Result<Progress> Clean();

  using Numbers = std::vector<uint64_t>;

  // How far the row at hand has come.
  enum class Stage : uint8_t { kFind, kChange, kUpdate };
  // So many rows behind a change are held at once.
  static constexpr size_t kHeldRows = 256;

  Result<state::Readiness> ProcessRow();
  // Holds the entries that are named, until `Release`.
  Result<state::Readiness> Hold();
  void Release();
  void NameOwnEntries();
  void NameEntriesBehind();
  void NameGroup(const SortedRows::value_type& group);
  Status ChangePartition();
  Status NoteNewRow(std::string_view user_key, std::string_view bytes);
  Status AddToRange(std::string_view sort_key, std::string_view bytes, RowKind kind);
  Status RemoveFromRange(std::string_view sort_key, std::string_view bytes);
  // The groups from `behind_` on that are held; sets `goes_on_` to false where results stay.
  Status UpdateRangesBehind();
  Status AddToRows(std::string_view sort_key, std::string_view bytes, RowKind kind);
  Status RemoveFromRows(std::string_view sort_key, std::string_view bytes);
  Status UpdateRowsBehind();
  void GoOnBehind(SortedRows::const_iterator group);

  // The accumulators at hand, and those held under `user_key`.
  Status StartFrom(const std::string* user_key);  // nullptr: no rows
  Status AddRow(std::string_view bytes);
  Status Store(const std::string& user_key);
  // The results, encoded, of the accumulators at hand and of those held.
  std::string Results();
  std::string StoredResults(const std::string& user_key);
  std::string Encoded(const std::byte* record) const;
  bool EqualsStored(const std::string& user_key) const;

  std::string_view RowAt(std::string_view sort_key, uint64_t number) const;
  const SortedRows& sorted() const { return partitions_.sorted(); }
  const std::string* RangeBefore(SortedRows::const_iterator group);
  const std::string* RowBefore(SortedRows::const_iterator group, size_t index);
  void Emit(RowKind kind, std::string_view bytes, std::string_view results);
  Batch TakeOutput();

  const plan::OverAggregate node_;
  const LogicalType input_;
  const LogicalType results_type_;
  const state::KeyEncoder key_encoder_;
  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  RowEncoder results_encoder_;
  KeyCleanup cleanup_;
  TimestampMs cleans_until_ = kMaxWatermark;  // while keys are being forgotten
  OperatorContext* context_ = nullptr;
  std::unique_ptr<aggregate::AggregateSet> aggregates_;        // of the accumulators at hand
  std::unique_ptr<aggregate::AggregateSet> state_aggregates_;  // the same, of those in state
  std::unique_ptr<expr::Program> constants_;
  std::unique_ptr<state::RecordIo> io_;
  std::vector<std::max_align_t> memory_;  // of the accumulators at hand
  std::byte* record_ = nullptr;
  // What DISTINCT has seen during a change.
  std::unique_ptr<state::SnapshottableStore> maps_;
  SortedPartitions partitions_;
  state::MapState* accumulators_ = nullptr;
  HeldEntries held_rows_;
  HeldEntries held_accumulators_;

  Batch batch_;
  bool touched_ = false;
  int32_t row_ = 0;
  state::KeyBatch keys_;
  EncodedRows sort_keys_;
  Stage stage_ = Stage::kFind;
  bool holds_rows_ = false;
  bool goes_on_ = false;  // with the groups from `behind_` on, of which those up to `held_end_`...
  SortedRows::const_iterator behind_;
  SortedRows::const_iterator held_end_;  // ... are named or held
  std::string user_key_;
  RowOutput changed_rows_;
  RowOutput changed_results_;
};

}  // namespace castor::over
