// The tables of an instance, and what a checkpoint must have said of them.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {
namespace {

std::string_view NameOf(TableKind kind) {
  switch (kind) {
    case TableKind::kRecords:
      return "values";
    case TableKind::kMap:
      return "a map";
    case TableKind::kList:
      return "a list";
    case TableKind::kTimers:
      return "timers";
    case TableKind::kWindows:
      return "windows";
    case TableKind::kWindowLists:
      return "rows of windows";
  }
  return "";
}

TableKind KindOf(EntriesOf kind) {
  switch (kind) {
    case EntriesOf::kMap:
      return TableKind::kMap;
    case EntriesOf::kList:
      return TableKind::kList;
    case EntriesOf::kWindows:
      return TableKind::kWindows;
  }
  return TableKind::kMap;
}

std::string ShapeOf(const CheckpointTable& table) {
  std::string shape = "state '" + table.name + "': ";
  shape.append(NameOf(table.kind));
  shape += " of " + std::to_string(table.layout.payload_bytes) + " bytes with " +
           std::to_string(table.layout.blob_offsets.size()) + " blobs";
  if (!table.schema.empty()) shape += ", " + table.schema;
  if (table.bucket_ms != 0) shape += ", by " + std::to_string(table.bucket_ms) + " ms";
  return shape;
}

}  // namespace

Result<uint64_t> Store::Declare(const CheckpointTable& table) {
  uint64_t next_number = 0;
  for (const CheckpointTable& restored : restored_tables_) {
    if (restored.table != table.table) continue;
    if (!restored.SameShape(table)) {
      return Status::Incompatible("what was saved as " + ShapeOf(restored) +
                                  " cannot be restored as " + ShapeOf(table));
    }
    next_number = std::max(next_number, restored.next_number);
  }
  const bool known = std::any_of(tables_.begin(), tables_.end(), [&](const CheckpointTable& other) {
    return other.table == table.table;
  });
  if (!known) tables_.push_back(table);
  return next_number;
}

Result<RecordTable*> Store::AddTable(TableOptions options) {
  CheckpointTable table;
  table.table = options.section.table;
  table.name = options.name;
  table.schema = options.schema;
  table.layout = options.layout;
  CASTOR_RETURN_NOT_OK(Declare(table).status());
  if (options.ttl_ms > 0) ttls_[table.table] = options.ttl_ms;
  return tier_.AddTable(std::move(options));
}

void Store::SetTtl(RecordTable* table, int64_t ttl_ms, int64_t now) {
  table->SetTtl(ttl_ms, now);
  SetTtl(table->options().section.table, ttl_ms);
}

void Store::SetTtl(EntryTable* table, int64_t ttl_ms, int64_t now) {
  table->SetTtl(ttl_ms, now);
  SetTtl(table->options().section.table, ttl_ms);
}

// Merges take away what has expired.
void Store::SetTtl(uint32_t table, int64_t ttl_ms) {
  ttls_.erase(table);
  if (ttl_ms <= 0) return;
  ttls_[table] = ttl_ms;
  tier_.ExpectExpiry();
}

Result<EntryTable*> Store::AddEntryTable(EntryTableOptions options) {
  CheckpointTable table;
  table.table = options.section.table;
  table.kind = KindOf(options.kind);
  table.name = options.name;
  table.schema = options.schema;
  table.layout = options.layout;
  CASTOR_ASSIGN_OR_RETURN(const uint64_t next_number, Declare(table));
  if (options.ttl_ms > 0) ttls_[table.table] = options.ttl_ms;
  EntryTable* const added = tier_.AddEntryTable(std::move(options));
  added->NumberFrom(next_number);
  if (added->options().kind == EntriesOf::kList) numbered_.emplace_back(tables_.size() - 1, added);
  return added;
}

Result<WindowListTable*> Store::AddWindowListTable(WindowListOptions options) {
  CheckpointTable table;
  table.table = options.table;
  table.kind = TableKind::kWindowLists;
  table.name = options.name;
  table.schema = options.schema;
  CASTOR_ASSIGN_OR_RETURN(const uint64_t next_number, Declare(table));
  WindowListTable* const added = tier_.AddWindowListTable(std::move(options));
  added->NumberFrom(next_number);
  numbered_.emplace_back(tables_.size() - 1, added);
  for (const int64_t window : runs_.PartitionsOf(table.table)) added->AddColdWindow(window);
  return added;
}

}  // namespace castor::gemini
