// ON CONFLICT DO ERROR | NOTHING: an upsert stream by primary key that never holds two rows of one
// key (Flink's WatermarkCompactingSinkMaterializer, FLIP-558).
//
// Changes are held back until the next watermark, because those that belong together (the -U and
// the +U of an update) may arrive apart; it is then that a key with two rows is a conflict: the job
// fails, or the row that was first stays. Flink stamps each change with the watermark that the
// sink's subtask has when the change arrives, behind the shuffle by primary key, so all that a key
// holds back belongs to the next watermark: one buffer a key is enough. Single-threaded; one
// instance per sink subtask.
#pragma once

#include <string>
#include <vector>

#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/row_list.h"
#include "operator/rows/row_output.h"
#include "plan/nodes/scan.h"

namespace castor {

class ConflictMaterializer {
 public:
  ConflictMaterializer(const plan::Sink& node, const LogicalType& input);

  Status Open(OperatorContext& context);

  // Holds the rows of a batch back; to be repeated with `Buffer` while that is pending.
  void Accept(Batch batch);
  Result<Progress> Buffer();

  // Writes what the changes held back come to, then the watermark.
  void StartWatermark(TimestampMs watermark);
  Result<Progress> Fire(Output& out);

 private:
  Status BufferRow(int32_t row, state::Blob* pending);
  Result<bool> NextPage();
  Status Compact(const state::Record& changes, state::Blob* current);
  void Collect(const state::Blob& changes, const state::Blob& current,
               std::vector<RowList::Entry>* rows) const;
  Status Conflict(std::string_view key) const;

  const bool fail_;  // else the first row stays
  const int64_t ttl_ms_;
  const LogicalType key_type_;
  const state::KeyEncoder key_encoder_;
  RowEncoder encoder_;
  state::WindowState* pending_ = nullptr;  // all of it in one window
  state::ValueState* current_ = nullptr;   // what was written last

  Batch batch_;
  state::KeyBatch keys_;
  std::vector<TimestampMs> windows_;
  std::vector<std::byte*> records_;
  std::string scratch_;

  // A watermark on its way: how far the keys that hold changes have been gone through.
  TimestampMs watermark_ = kMinTimestamp;
  uint64_t cursor_ = 0;
  std::vector<state::Record> page_;
  RowOutput output_;
};

}  // namespace castor
