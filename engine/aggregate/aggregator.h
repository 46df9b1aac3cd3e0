// Aggregate functions over accumulators at addresses: what every aggregating operator shares.
//
// An AggregateSet holds the calls of one operator, compiled once. Their accumulators stand side by
// side in one record of `layout()`, which the caller keeps in any state (ValueState, WindowState,
// RecordTable): the set knows addresses, not keys or windows. Zero bytes are the accumulators of no
// rows. All work is by the batch: one tight loop per call over all rows, in the order of the rows,
// so a record may occur repeatedly.
//
// Semantics are those of Flink's AggsHandlerCodeGenerator and of the functions that its
// AggFunctionFactory picks; README.md lists them. DISTINCT calls, and MIN and MAX with retraction,
// keep maps beside the record (`uses_maps`). Maps in keyed state need the rows' keys, and calls may
// answer kPending, to be repeated with the same arguments; maps in memory need neither.
//
// One set belongs to one operator instance (it has scratch memory): not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "plan/expression.h"
#include "state/keyed_state.h"

namespace castor::aggregate {

struct AggregateSpec {
  std::vector<plan::AggregateCall> calls;
  std::vector<bool> call_retractions;  // per call: uses its retracting form; empty = none does
  LogicalType input_row;               // what arguments and filters of the calls refer to
  // The input has updates or deletes: rows are counted, in the COUNT(*) among the calls or in a
  // hidden one behind them, and DISTINCT counts occurrences.
  bool needs_retraction = false;
  bool needs_record_count = false;  // count rows without retraction (hopping windows)
  int32_t count_star = -1;          // the call known to be COUNT(*); -1: look for one
  // Where maps are: in keyed state, or in memory for as long as a bundle lasts (local aggregates,
  // and the bundles that global ones gather before they touch state).
  bool maps_in_memory = false;
  // With maps in state: those of functions (MIN, MAX) are in memory all the same, only those of
  // DISTINCT are in state (incremental aggregates).
  bool function_maps_in_memory = false;
  // Bytes at the start of each record that are the caller's own, zero at first; a multiple of 8.
  int32_t reserved_bytes = 0;
};

// What a row does to its record.
enum class RowOp : uint8_t {
  kAdd,
  kRetract,
  kReset,  // back to no rows, whatever the row holds (the last row of a key was retracted)
  kNone,
};

// The records that the rows of a batch update.
struct RowUpdates {
  std::byte* const* records = nullptr;  // per row; not read where the op is kNone
  const RowOp* ops = nullptr;           // per row; nullptr: kAdd for all
  // For maps in keyed state: the key of row i is keys.key(key_rows[i]), or keys.key(i) when
  // `key_rows` is nullptr. A window operator passes keys that name the window as well.
  const state::KeyBatch* keys = nullptr;
  const int32_t* key_rows = nullptr;
  // The ops come from `CountRows`, which has counted the rows already.
  bool counted = false;
};

// Writes blobs into the records of one owner (state objects have no common base).
struct BlobWriter {
  void* owner = nullptr;
  Status (*set)(void* owner, state::Blob* blob, std::string_view bytes) = nullptr;

  template <typename State>
  static BlobWriter Of(State* state) {
    return {state, [](void* to, state::Blob* blob, std::string_view bytes) {
              return static_cast<State*>(to)->SetBlob(blob, bytes);
            }};
  }
};

struct Call;
class DistinctGroup;

class AggregateSet {
 public:
  // Refuses functions and types by name (kUnsupported).
  static Result<std::unique_ptr<AggregateSet>> Compile(const AggregateSpec& spec);
  ~AggregateSet();

  // A record and its textual description, as for state::StateDescriptor, and the version of both.
  const state::RecordLayout& layout() const { return layout_; }
  const std::string& schema() const { return schema_; }
  static constexpr int32_t kVersion = 1;
  bool has_blobs() const { return !layout_.blob_offsets.empty(); }
  bool uses_maps() const;
  // Offset in a record of the int64 that counts its rows, or -1 when none is kept.
  int32_t record_count_offset() const { return record_count_offset_; }

  // Before use, when there are maps in keyed state and when there are blobs, respectively.
  Status OpenMaps(state::KeyedStateStore& store, int64_t ttl_ms);
  void BindBlobs(BlobWriter writer);

  // Decides row by row what GroupAggFunction does with a changelog (`kinds`, nullptr: all +I) and
  // counts rows in the records: a retraction where there are no rows is kNone, one of the last row
  // kReset. The ops must go into the next Accumulate or AccumulateEach, with `counted`.
  void CountRows(const RowKind* kinds, int32_t rows, std::byte* const* records, RowOp* ops);

  // The count of its record after each row of the latest CountRows.
  std::span<const int64_t> row_counts() const { return row_counts_; }

  // Updates the records with the rows of `batch`, whose columns are those of `input_row`.
  Result<state::Readiness> Accumulate(const Batch& batch, const RowUpdates& updates);
  // The same, noting the results before and after each row: `values` gets one column per call, with
  // the result before row i at 2i and the one after it at 2i + 1.
  Result<state::Readiness> AccumulateEach(const Batch& batch, const RowUpdates& updates,
                                          std::vector<ColumnPtr>* values);

  // Results of the calls (not of a hidden record count). A null record gives those of no rows.
  const std::vector<LogicalType>& value_types() const { return value_types_; }
  std::vector<ColumnPtr> Values(const std::byte* const* records, int32_t count) const;

  // Accumulators on their way from one phase to the next: per call as many columns as in Flink,
  // then one per distinct argument list whose map is in memory (README.md describes them).
  const std::vector<LogicalType>& accumulator_types() const { return accumulator_types_; }
  std::vector<ColumnPtr> Accumulators(const std::byte* const* records, int32_t count);
  // Adds accumulators to records: row i of columns[first ...] to updates.records[i]. The columns
  // are those of a set of the same calls with maps in memory.
  Result<state::Readiness> Merge(const std::vector<ColumnPtr>& columns, size_t first, int32_t rows,
                                 const RowUpdates& updates);
  // The same with all maps, wherever they are: what a set of the same calls merges to have these
  // rows too. `updates` names records and keys of `count` rows.
  Result<state::Readiness> CompleteAccumulators(const RowUpdates& updates, int32_t count,
                                                std::vector<ColumnPtr>* columns);
  // Adds record to record (slices of a window, merging sessions); `from` may be nullptr. Not for
  // sets that use maps, whose records are merged by way of CompleteAccumulators.
  Status MergeRecords(std::byte* const* into, const std::byte* const* from, int32_t count);

  // Copies records to records of no rows, without what DISTINCT has seen. Not for sets whose
  // functions use maps.
  Status CopyRecords(std::byte* const* into, const std::byte* const* from, int32_t count);

  // Back to no rows; the reserved bytes are left alone.
  Status Reset(std::byte* const* records, int32_t count);
  // Removes the map entries of keys whose records go away, or all maps in memory.
  void ClearMaps(const state::KeyBatch& keys, std::span<const int32_t> rows);
  void ClearMemoryMaps();

 private:
  AggregateSet();

  static Result<std::unique_ptr<Call>> MakeCall(const plan::AggregateCall& call,
                                                const AggregateSpec& spec, bool retracts);
  void MakeDistinctGroups(const AggregateSpec& spec);
  void DescribeColumns();
  // Names the map of call `i`, as Flink does.
  static std::string MapName(size_t i) { return "agg" + std::to_string(i) + "$map"; }

  template <typename Acquire>
  Result<state::Readiness> AcquireMaps(Acquire&& acquire);
  // Finds the map entries that a batch or a merge needs. Changes nothing, but holds on to what was
  // found before state was pending.
  Result<state::Readiness> AcquireEntries(const Batch& batch, const RowUpdates& updates);
  Result<state::Readiness> AcquireMergedEntries(const std::vector<ColumnPtr>& columns, size_t first,
                                                int32_t rows, const RowUpdates& updates);
  void FlattenMergedMaps(const std::vector<ColumnPtr>& columns, size_t first);
  // Everything but the functions with maps, which may be pending in their midst and come last.
  Status ApplyRows(const Batch& batch, const RowUpdates& updates, bool each);
  Status ApplyMerge(const std::vector<ColumnPtr>& columns, size_t first, int32_t rows,
                    const RowUpdates& updates);
  template <typename Apply>
  Result<state::Readiness> ApplyMapFunctions(const RowUpdates& updates, Apply&& apply);
  // Whether rows reach the call's function: not those of DISTINCT while maps are in memory.
  bool IsFed(const Call& call) const;
  ColumnPtr CountedValues(const RowUpdates& updates, int32_t rows) const;

  std::vector<std::unique_ptr<Call>> calls_;  // a hidden COUNT(*) last
  size_t visible_calls_ = 0;
  int32_t count_star_ = -1;  // index of the call that counts rows
  std::vector<std::unique_ptr<DistinctGroup>> distinct_groups_;
  bool maps_in_memory_ = false;
  bool function_maps_in_memory_ = false;
  size_t function_columns_ = 0;         // accumulator columns before those of maps
  std::vector<int64_t> row_counts_;     // after each row, by CountRows
  std::vector<ColumnPtr> merged_maps_;  // of the present Merge, by group
  // How far the present Accumulate, AccumulateEach, Merge or CompleteAccumulators has come.
  size_t next_map_ = 0;  // to be acquired or completed: those of calls, then those of groups
  bool applied_rows_ = false;
  size_t next_call_ = 0;
  std::vector<ColumnPtr> each_values_;
  state::RecordLayout layout_;
  std::string schema_;
  std::vector<LogicalType> value_types_;
  std::vector<LogicalType> accumulator_types_;
  int32_t record_count_offset_ = -1;
};

}  // namespace castor::aggregate
