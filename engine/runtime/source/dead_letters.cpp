#include "runtime/source/dead_letters.h"

#include <utility>

#include "column/string_arena.h"
#include "runtime/task/sink_tail.h"

namespace castor::runtime {
namespace {

struct Expected {
  const char* name;
  const char* type;  // for messages
};
constexpr Expected kColumns[] = {{"error", "STRING"},
                                 {"origin", "STRING"},
                                 {"record", "STRING or BYTES"},
                                 {"seen_at", "TIMESTAMP_LTZ(3)"}};
constexpr size_t kRequired = 3;

bool Fits(const LogicalType& type, size_t column) {
  switch (column) {
    case 2:
      return type.IsString() || type.kind() == TypeKind::kVarBinary;
    case 3:
      return type.kind() == TypeKind::kTimestampLtz && type.precision() == 3;
    default:
      return type.IsString();
  }
}

Status Refuse(const plan::Table& table, const std::string& why) {
  return Status::InvalidArgument(
      "table " + table.identifier + " cannot take bad rows: " + why +
      "; its columns must be (error STRING, origin STRING, record STRING or BYTES"
      " [, seen_at TIMESTAMP_LTZ(3)])");
}

using Text = std::string connector::BadRow::*;

ColumnPtr TextColumn(const LogicalType& type, const std::vector<connector::BadRow>& rows,
                     Text text) {
  auto column = Column::MakeFlat(type, static_cast<int32_t>(rows.size()));
  StringArena arena;
  auto* values = column->mutable_values<StringRef>();
  for (size_t i = 0; i < rows.size(); ++i) values[i] = arena.Add(rows[i].*text);
  arena.Finish(column.get());
  return column;
}

}  // namespace

std::string DeadLetterUid(const std::string& scan_uid) { return scan_uid + "/bad-rows"; }

Result<LogicalType> DeadLetterRow(const plan::Table& table) {
  LogicalType row = table.PhysicalRow();
  const auto& fields = row.fields();
  if (fields.size() < kRequired || fields.size() > std::size(kColumns)) {
    return Refuse(table, "it has " + std::to_string(fields.size()) + " physical columns");
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name != kColumns[i].name) {
      return Refuse(table, "column " + std::to_string(i + 1) + " is called '" + fields[i].name +
                               "', not '" + kColumns[i].name + "'");
    }
    if (!Fits(fields[i].type, i)) {
      return Refuse(table, "column '" + fields[i].name + "' is " + fields[i].type.ToString() +
                               ", not " + kColumns[i].type);
    }
  }
  return row;
}

DeadLetters::DeadLetters(std::unique_ptr<connector::SinkWriter> writer,
                         connector::WriterContext context, LogicalType row, std::string uid,
                         std::string table)
    : writer_(std::move(writer)),
      context_(std::move(context)),
      row_(std::move(row)),
      uid_(std::move(uid)),
      table_(std::move(table)) {}

Status DeadLetters::Write(const std::vector<connector::BadRow>& rows) {
  const auto& fields = row_.fields();
  const auto count = static_cast<int32_t>(rows.size());
  Batch batch(count, {TextColumn(fields[0].type, rows, &connector::BadRow::error),
                      TextColumn(fields[1].type, rows, &connector::BadRow::origin),
                      TextColumn(fields[2].type, rows, &connector::BadRow::record)});
  if (fields.size() > kRequired) {
    auto seen_at = Column::MakeConstant(fields[3].type, count);
    seen_at->mutable_values<int64_t>()[0] = context_.clock->NowMs();
    batch.columns.push_back(std::move(seen_at));
  }
  return Describe(writer_->Write(batch));
}

Status DeadLetters::OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
  return Describe(CutWriter(*writer_, barrier, uid_, cut));
}

Status DeadLetters::Describe(const Status& status) const {
  return status.WithContext("bad rows to table " + table_);
}

}  // namespace castor::runtime
