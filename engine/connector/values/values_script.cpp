#include "connector/values/values_script.h"

#include <algorithm>

#include "column/gather.h"
#include "format/api/column_builder.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"
#include "format/api/print_text.h"
#include "format/api/row_text.h"

namespace castor::connector::values {
namespace {

constexpr int32_t kFirstCapacity = 64;

Status MarkError(int32_t line, const std::string& message) {
  return Status::InvalidArgument("line " + std::to_string(line) + ": " + message);
}

Result<ValuesItem> ParseWatermark(std::string_view text, const LogicalType& type, int32_t line) {
  if (!type.IsTimestamp()) {
    return MarkError(line, "@watermark needs WATERMARK FOR ... AS SOURCE_WATERMARK()");
  }
  int64_t ticks;
  if (!format::ParseTimestamp(text, format::TimestampStyle::kSql, type, &ticks)) {
    return MarkError(line, "expected a value of " + type.ToString() + " after @watermark");
  }
  const int64_t per_ms = type.TicksPerSecond() / 1000;
  const int64_t millis = ticks / per_ms - (ticks % per_ms < 0 ? 1 : 0);
  return ValuesItem{ValuesItem::Kind::kWatermark, millis};
}

Result<ValuesItem> ParseMark(std::string_view mark, const LogicalType& watermark_type,
                             int32_t line) {
  const size_t space = mark.find(' ');
  const std::string_view name = mark.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? "" : format::TrimJava(mark.substr(space));
  if (name == "watermark") return ParseWatermark(rest, watermark_type, line);
  if (name == "pause") {
    int64_t millis;
    if (!format::ParseJavaInteger(rest, 0, INT32_MAX, &millis)) {
      return MarkError(line, "expected milliseconds after @pause");
    }
    return ValuesItem{ValuesItem::Kind::kPause, millis};
  }
  return MarkError(line,
                   "there is no mark @" + std::string(name) + "; marks are @watermark and @pause");
}

BufferPtr KindBuffer(const std::vector<RowKind>& kinds) {
  if (std::all_of(kinds.begin(), kinds.end(), [](RowKind k) { return k == RowKind::kInsert; })) {
    return nullptr;
  }
  BufferPtr buffer = Buffer::Allocate(kinds.size());
  std::copy(kinds.begin(), kinds.end(), buffer->as<RowKind>());
  return buffer;
}

}  // namespace

Result<ValuesScript> ValuesScript::Parse(std::string_view text, const LogicalType& row,
                                         const LogicalType& watermark_type,
                                         const std::vector<RowKind>& kinds) {
  ValuesScript script;
  std::vector<format::ColumnBuilder> builders;
  for (const LogicalType::Field& field : row.fields()) builders.emplace_back(field.type);
  std::vector<RowKind> row_kinds;
  format::RowTextReader reader(text, row.fields());
  int32_t capacity = 0;
  while (reader.SkipToNext()) {
    const int32_t line = reader.line();
    std::string_view mark;
    if (reader.TakeMark(&mark)) {
      CASTOR_ASSIGN_OR_RETURN(ValuesItem item, ParseMark(mark, watermark_type, line));
      script.items.push_back(item);
      continue;
    }
    const auto number = static_cast<int32_t>(row_kinds.size());
    if (number == capacity) {
      capacity = std::max(kFirstCapacity, capacity * 2);
      for (format::ColumnBuilder& builder : builders) builder.Reserve(capacity);
    }
    RowKind kind;
    CASTOR_RETURN_NOT_OK(reader.ReadRow(&builders, number, &kind));
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      return MarkError(line, "row kind " + std::string(format::RowKindText(kind)) +
                                 " is not in the table's changelog mode");
    }
    row_kinds.push_back(kind);
    script.items.push_back({ValuesItem::Kind::kRow, number});
  }
  script.rows.num_rows = static_cast<int32_t>(row_kinds.size());
  script.rows.row_kinds = KindBuffer(row_kinds);
  for (format::ColumnBuilder& builder : builders) {
    builder.Reserve(1);  // a column without rows needs its buffer as well
    script.rows.columns.push_back(builder.Finish(script.rows.num_rows));
  }
  return script;
}

void ValuesScript::Keep(const std::vector<int32_t>& kept) {
  std::vector<ValuesItem> left;
  int64_t number = 0;
  for (const ValuesItem& item : items) {
    if (item.kind != ValuesItem::Kind::kRow) {
      left.push_back(item);
    } else if (number < std::ssize(kept) && kept[static_cast<size_t>(number)] == item.value) {
      left.push_back({ValuesItem::Kind::kRow, number++});
    }
  }
  items = std::move(left);
  rows = Gather(rows, kept.data(), static_cast<int32_t>(kept.size()));
}

Result<std::vector<RowKind>> ParseRowKinds(std::string_view text) {
  std::vector<RowKind> kinds;
  while (true) {
    const size_t comma = text.find(',');
    const std::string_view name = format::TrimJava(text.substr(0, comma));
    if (name == "I") {
      kinds.push_back(RowKind::kInsert);
    } else if (name == "UB") {
      kinds.push_back(RowKind::kUpdateBefore);
    } else if (name == "UA") {
      kinds.push_back(RowKind::kUpdateAfter);
    } else if (name == "D" || name == "DK") {
      kinds.push_back(RowKind::kDelete);
    } else {
      return Status::InvalidArgument("'" + std::string(name) + "' is none of I, UB, UA, D, DK");
    }
    if (comma == std::string_view::npos) return kinds;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace castor::connector::values
