// Records that could not be read, written to the table that the source table names with
// `castor.bad-rows.table`, by the subtask that read them and under the same checkpoints.
//
// The table's columns are (error STRING, origin STRING, record STRING or BYTES) and optionally
// seen_at TIMESTAMP_LTZ(3). Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connector/api/sink.h"
#include "connector/api/source.h"
#include "runtime/checkpoint/cut.h"
#include "runtime/exchange/element.h"

namespace castor::runtime {

// The option of a source table.
inline constexpr const char* kBadRowsTableOption = "castor.bad-rows.table";

// What identifies the dead-letter writer of a scan in snapshots.
std::string DeadLetterUid(const std::string& scan_uid);

// The row that arrives at `table`, or an error that names the column that does not fit.
Result<LogicalType> DeadLetterRow(const plan::Table& table);

class DeadLetters {
 public:
  DeadLetters(std::unique_ptr<connector::SinkWriter> writer, connector::WriterContext context,
              LogicalType row, std::string uid, std::string table);

  // Before Open.
  Status Restore(std::string_view old_state) { return Describe(writer_->Restore(old_state)); }
  Status Open() { return Describe(writer_->Open(context_)); }
  Status Write(const std::vector<connector::BadRow>& rows);
  Status OnBarrier(const Barrier& barrier, SubtaskCut* cut);
  Status Close() { return Describe(writer_->Close()); }

 private:
  Status Describe(const Status& status) const;

  const std::unique_ptr<connector::SinkWriter> writer_;
  const connector::WriterContext context_;
  const LogicalType row_;
  const std::string uid_;
  const std::string table_;
};

}  // namespace castor::runtime
