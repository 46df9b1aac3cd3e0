#include "runtime/source/dead_letters.h"

#include <utility>

#include "column/string_arena.h"
#include "connector/api/bad_rows.h"
#include "runtime/task/sink_tail.h"

namespace castor::runtime {
namespace {

LogicalType Bytes() { return LogicalType(TypeKind::kVarBinary, true, INT32_MAX); }

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

ColumnPtr ConstantText(const std::string& text, int32_t size) {
  auto column = Column::MakeConstant(LogicalType::String(), size);
  StringArena arena;
  column->mutable_values<StringRef>()[0] = arena.Add(text);
  arena.Finish(column.get());
  return column;
}

}  // namespace

std::string DeadLetterUid(const std::string& scan_uid) { return scan_uid + "/bad-rows"; }

plan::Table DeadLetterTable(const std::string& path) {
  plan::Table table;
  table.identifier = "bad rows in " + path;
  const auto add = [&table](const char* name, const LogicalType& type) {
    plan::TableColumn column;
    column.name = name;
    column.type = type;
    table.columns.push_back(std::move(column));
  };
  add("table", LogicalType::String());
  add("origin", LogicalType::String());
  add("error", LogicalType::String());
  add("row", Bytes());
  // Who looks for bad rows finds them soon, not when a file has filled.
  table.options = {{"connector", "filesystem"},
                   {"format", "json"},
                   {"path", path},
                   {"sink.rolling-policy.rollover-interval", "1 s"},
                   {"sink.rolling-policy.check-interval", "1 s"}};
  return table;
}

DeadLetters::DeadLetters(std::unique_ptr<connector::SinkWriter> writer,
                         connector::WriterContext context, std::string uid, std::string source)
    : writer_(std::move(writer)),
      context_(std::move(context)),
      uid_(std::move(uid)),
      source_(std::move(source)) {}

Status DeadLetters::Write(const std::vector<connector::BadRow>& rows) {
  const auto count = static_cast<int32_t>(rows.size());
  return Describe(writer_->Write(
      Batch(count, {ConstantText(source_, count),
                    TextColumn(LogicalType::String(), rows, &connector::BadRow::origin),
                    TextColumn(LogicalType::String(), rows, &connector::BadRow::error),
                    TextColumn(Bytes(), rows, &connector::BadRow::record)})));
}

Status DeadLetters::OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
  return Describe(CutWriter(*writer_, barrier, uid_, cut));
}

Status DeadLetters::Describe(const Status& status) const {
  return status.WithContext(std::string("dead letters (option '") + connector::kBadRowsPathOption +
                            "')");
}

}  // namespace castor::runtime
