#include "flink/state-backend/native/table_scan.h"

#include <cstring>

namespace castor::flink {
namespace {

constexpr size_t kPageBytes = size_t{64} << 10;

void Put(size_t number, std::string* page) {
  const auto written = static_cast<int32_t>(number);
  page->append(reinterpret_cast<const char*>(&written), sizeof(written));
}

// What Flink put, out of what stands in a run.
Result<std::string_view> ValueOf(const gemini::CheckpointTable& table, const gemini::Entry& entry) {
  if (table.kind != gemini::TableKind::kList) {
    CASTOR_ASSIGN_OR_RETURN(const auto decoded, gemini::DecodeValue(table.layout, entry.value));
    return decoded.blobs[0];
  }
  uint32_t size;
  if (entry.value.size() < sizeof(size)) return Status::Corruption("an element is cut short");
  std::memcpy(&size, entry.value.data(), sizeof(size));
  if (entry.value.size() - sizeof(size) < size) {
    return Status::Corruption("an element of a list is cut short");
  }
  return entry.value.substr(sizeof(size), size);
}

}  // namespace

Result<std::unique_ptr<TableScan>> TableScan::Open(const gemini::LiveCheckpoint& checkpoint,
                                                   std::string_view state) {
  for (const gemini::CheckpointTable& table : checkpoint.description.tables) {
    if (table.name != state) continue;
    return std::unique_ptr<TableScan>(new TableScan(table, checkpoint.runs));
  }
  return Status::NotFound("the snapshot has no state '" + std::string(state) + "'");
}

Status TableScan::NextPage(std::string* page) {
  page->clear();
  while (!ended_ && page->size() < kPageBytes) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, entries_.Next());
    ended_ = !more;
    if (ended_) return Status::OK();
    const gemini::Entry& entry = entries_.entry();
    CASTOR_ASSIGN_OR_RETURN(const std::string_view value, ValueOf(table_, entry));
    const bool is_map = table_.kind == gemini::TableKind::kMap;
    const std::string_view user_key = is_map ? entry.user_key : std::string_view();
    page->append(reinterpret_cast<const char*>(&entry.position), sizeof(entry.position));
    Put(entry.key.size(), page);
    Put(user_key.size(), page);
    Put(value.size(), page);
    page->append(entry.key).append(user_key).append(value);
  }
  return Status::OK();
}

}  // namespace castor::flink
