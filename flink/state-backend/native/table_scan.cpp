#include "flink/state-backend/native/table_scan.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "flink/state-backend/native/timer_bytes.h"

namespace castor::flink {
namespace {

constexpr size_t kPageBytes = size_t{64} << 10;

// Timers that are sorted by key group at once.
constexpr uint64_t kTimersPerPass = uint64_t{1} << 17;

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

void PutEntry(gemini::Position position, std::string_view key, std::string_view user_key,
              std::string_view value, std::string* page) {
  page->append(reinterpret_cast<const char*>(&position), sizeof(position));
  Put(key.size(), page);
  Put(user_key.size(), page);
  Put(value.size(), page);
  page->append(key).append(user_key).append(value);
}

class KeyedScan final : public TableScan {
 public:
  KeyedScan(gemini::CheckpointTable table, const gemini::RunSet& runs)
      : table_(std::move(table)), entries_(runs, {table_.table, 0}) {}

 private:
  Result<bool> AddNext(std::string* page) override {
    CASTOR_ASSIGN_OR_RETURN(const bool more, entries_.Next());
    if (!more) return false;
    const gemini::Entry& entry = entries_.entry();
    CASTOR_ASSIGN_OR_RETURN(const std::string_view value, ValueOf(table_, entry));
    const bool is_map = table_.kind == gemini::TableKind::kMap;
    PutEntry(entry.position, entry.key, is_map ? entry.user_key : std::string_view(), value, page);
    return true;
  }

  const gemini::CheckpointTable table_;
  gemini::RunSet::SectionCursor entries_;
};

// Timers lie in runs by time. So all buckets are walked once for each pass, which takes so many key
// groups that what they have is sorted in memory.
class TimerScan final : public TableScan {
 public:
  TimerScan(const gemini::LiveCheckpoint& checkpoint, uint32_t table)
      : table_(table), runs_(checkpoint.runs), buckets_(runs_.PartitionsOf(table)) {
    const uint32_t groups = checkpoint.description.key_groups;
    const uint64_t passes = runs_.EntriesOf(table) / kTimersPerPass + 1;
    groups_per_pass_ = std::max<uint32_t>(1, static_cast<uint32_t>(groups / passes));
    groups_ = groups;
  }

 private:
  struct Timer {
    gemini::Position position;
    std::string bytes;
  };

  Result<bool> AddNext(std::string* page) override {
    while (next_ == timers_.size()) {
      if (next_group_ >= groups_) return false;
      CASTOR_RETURN_NOT_OK(ReadPass());
    }
    const Timer& timer = timers_[next_++];
    PutEntry(timer.position, {}, timer.bytes, {}, page);
    return true;
  }

  Status ReadPass() {
    timers_.clear();
    next_ = 0;
    const uint32_t last = std::min(groups_, next_group_ + groups_per_pass_) - 1;
    const auto range = gemini::PositionRange::OfKeyGroups(next_group_, last);
    next_group_ = last + 1;
    for (const int64_t bucket : buckets_) {
      gemini::RunSet::SectionCursor entries(runs_, {table_, bucket}, range);
      while (true) {
        CASTOR_ASSIGN_OR_RETURN(const bool more, entries.Next());
        if (!more) break;
        timers_.push_back(
            {entries.entry().position,
             std::string(TimerBytes::Of(entries.entry().key, entries.entry().user_key))});
      }
    }
    std::stable_sort(timers_.begin(), timers_.end(), [](const Timer& a, const Timer& b) {
      return gemini::KeyGroupAt(a.position) < gemini::KeyGroupAt(b.position);
    });
    return Status::OK();
  }

  const uint32_t table_;
  const gemini::RunSet runs_;
  const std::set<int64_t> buckets_;
  uint32_t groups_ = 0;
  uint32_t groups_per_pass_ = 1;
  uint32_t next_group_ = 0;
  std::vector<Timer> timers_;  // of the pass, from `next_` on to be given
  size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<TableScan>> TableScan::Open(const gemini::LiveCheckpoint& checkpoint,
                                                   std::string_view state) {
  for (const gemini::CheckpointTable& table : checkpoint.description.tables) {
    if (table.name != state) continue;
    if (table.kind == gemini::TableKind::kTimers) {
      return std::unique_ptr<TableScan>(std::make_unique<TimerScan>(checkpoint, table.table));
    }
    return std::unique_ptr<TableScan>(std::make_unique<KeyedScan>(table, checkpoint.runs));
  }
  return Status::NotFound("the snapshot has no state '" + std::string(state) + "'");
}

Status TableScan::NextPage(std::string* page) {
  page->clear();
  while (!ended_ && page->size() < kPageBytes) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, AddNext(page));
    ended_ = !more;
  }
  return Status::OK();
}

}  // namespace castor::flink
