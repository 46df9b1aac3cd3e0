// SESSION as a table function: the rows of each key, kept until their session is due, then sent on
// in the order they came. Defined by Flink's UnalignedWindowTableFunctionOperator.
//
// Rows stand in one list per key. Which session a row is in follows from its time, since the
// sessions of a key do not touch; so merging sessions moves no rows. Results leave in pages,
// however long a session is. Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "operator/api/operator.h"
#include "operator/window_table_function/rows_without_time.h"
#include "operator/windowing/session_assigner.h"
#include "operator/windowing/session_windows.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_table_function {

class SessionRows final : public Operator {
 public:
  SessionRows(const plan::WindowTableFunction& node, LogicalType input);

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<std::string> Snapshot() override;
  Status Restore(std::string_view old_instance_bytes) override;

 private:
  // The record beside each row.
  struct StoredRow {
    TimestampMs time;  // on the wall
    RowKind kind;

    bool IsIn(const windowing::Window& session) const {
      return time >= session.start && time < session.end;
    }
  };
  static_assert(sizeof(StoredRow) == 16);

  size_t BatchRows() const { return static_cast<size_t>(context_->batch_rows()); }
  Status OpenState();
  Result<Progress> Add();  // the pending batch, to its sessions
  Status AppendRows();
  Result<Progress> Fire(Output& out);
  Result<state::Readiness> NextPage(bool* done);
  // Adds rows of the session at hand to the results, and goes to the next session after the last.
  Result<state::Readiness> ReadRows();
  void Flush(Output& out);
  // Removes the rows of the sessions in `due_`: what else their keys have is written anew.
  Result<state::Readiness> ForgetRows();
  Result<state::Readiness> CollectOtherRows(std::span<const size_t> sessions_of_key);
  void RequestNextTime();

  const plan::WindowingStrategy windowing_;
  const LogicalType input_;
  const LogicalType output_;
  const BinaryRowCodec codec_;
  const state::KeyEncoder key_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<windowing::SessionAssigner> assigner_;
  std::unique_ptr<windowing::SessionWindows> sessions_;
  std::unique_ptr<RowsWithoutTime> rows_without_time_;
  state::ListState* rows_ = nullptr;
  Metric* late_rows_ = nullptr;

  TimestampMs progress_ = kMinTimestamp;  // sessions due by then have been emitted
  TimestampMs target_ = kMinTimestamp;    // sessions due by then are being emitted

  Batch pending_;  // that waits for state
  state::KeyBatch keys_;
  std::vector<windowing::Window> windows_;
  std::vector<std::byte*> sessions_of_rows_;
  windowing::SessionWindows::Merges merges_;

  // The page of due sessions at hand, and how far it has been worked off.
  windowing::SessionWindows::Due due_;
  bool page_open_ = false;
  bool due_taken_ = false;         // the sessions of the page, whose rows are not located yet
  std::vector<uint64_t> handles_;  // of the rows of their keys
  size_t session_ = 0;
  uint64_t cursor_ = 0;
  // Results not emitted yet: rows in the state.
  std::vector<const char*> result_rows_;
  std::vector<RowKind> result_kinds_;
  std::vector<windowing::Window> result_windows_;

  // Rows that outlive the sessions in `due_`.
  windowing::DistinctKeys due_keys_;
  std::vector<int32_t> cleared_;  // rows of `due_.keys`, one per key
  std::vector<int32_t> other_key_rows_;
  std::vector<std::string> others_;
  std::vector<StoredRow> other_records_;

  // Scratch.
  std::vector<int32_t> kept_;
  EncodedRows encoded_;
  std::vector<std::string_view> values_;
  std::vector<std::byte*> records_;
  std::vector<state::Record> page_;
};

}  // namespace castor::window_table_function
