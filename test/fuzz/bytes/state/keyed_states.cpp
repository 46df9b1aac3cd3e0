#include "test/fuzz/bytes/state/keyed_states.h"

#include <vector>

#include "base/clock.h"
#include "state/test_keys.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {

using namespace state;

namespace {

const StateDescriptor kValues{"values", {32, {16}}, "test", 1, 0};
const StateDescriptor kMaps{"maps", {16, {}}, "test", 1, int64_t{1} << 50};
const StateDescriptor kLists{"lists", {0, {}}, "test", 1, 0};
const StateDescriptor kWindows{"windows", {16, {}}, "test", 1, 0};
const StateDescriptor kLogs{"logs", {0, {}}, "test", 1, 0};
constexpr const char* kTimers = "timers";
constexpr size_t kPage = 2;  // so that there are several

struct States {
  ValueState* values;
  MapState* maps;
  ListState* lists;
  WindowState* windows;
  WindowListState* logs;
  TimerQueue* timers;
};

template <typename State>
bool Take(Result<State*> opened, State** state) {
  if (!opened.ok()) return false;
  *state = *opened;
  return true;
}

bool Open(KeyedStateStore& store, States* states) {
  return Take(store.OpenValue(kValues), &states->values) &&
         Take(store.OpenMap(kMaps), &states->maps) &&
         Take(store.OpenList(kLists), &states->lists) &&
         Take(store.OpenWindow(kWindows), &states->windows) &&
         Take(store.OpenWindowList(kLogs), &states->logs) &&
         Take(store.OpenTimers(kTimers), &states->timers);
}

// Whatever blocks is done at once: what is pending is not for long.
template <typename Call>
bool Ready(const Call& call) {
  for (int i = 0; i < 1000; ++i) {
    const Result<Readiness> ready = call();
    if (!ready.ok()) return false;
    if (*ready == Readiness::kReady) return true;
  }
  Require(false);
  return false;
}

const KeyBatch& Keys() {
  static const KeyBatch keys = MakeKeys({1, 2, 3});
  return keys;
}
const std::vector<int32_t> kRows = {0, 1, 2};
const std::vector<std::string_view> kTexts = {"one", "two", "three"};
const std::vector<TimestampMs> kEnds = {1000, 1000, 2000};

void TouchRecord(const std::byte* record, const RecordLayout& layout) {
  Touch({reinterpret_cast<const char*>(record), static_cast<size_t>(layout.fixed_size)});
  for (const int32_t offset : layout.blob_offsets) {
    Touch(reinterpret_cast<const Blob*>(record + offset)->view());
  }
}

bool ReadValues(ValueState& values) {
  std::vector<std::byte*> records(kRows.size());
  if (!Ready([&] { return values.Acquire(Keys(), AccessMode::kRead, records.data(), nullptr); })) {
    return false;
  }
  for (const std::byte* record : records) {
    if (record != nullptr) TouchRecord(record, kValues.layout);
  }
  values.Release();
  return true;
}

// Pages of `walk(&cursor, &page)`.
template <typename Item, typename Walk, typename Visit>
bool ReadPages(const Walk& walk, const Visit& visit) {
  std::vector<Item> page;
  for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
    page.clear();
    if (!Ready([&] { return walk(&cursor, &page); })) return false;
    for (const Item& item : page) {
      if (!visit(item)) return false;
    }
  }
  return true;
}

bool ReadEntries(KeyEntries& entries, const RecordLayout& layout) {
  std::vector<uint64_t> handles(kRows.size());
  if (!Ready([&] { return entries.Locate(Keys(), kRows, &handles); })) return false;
  for (const uint64_t handle : handles) {
    if (handle == 0) continue;
    const bool read = ReadPages<Record>(
        [&](uint64_t* cursor, std::vector<Record>* page) {
          return entries.Entries(handle, AccessMode::kRead, cursor, kPage, page);
        },
        [&](const Record& record) {
          Touch(record.key);
          TouchRecord(record.data, layout);
          return true;
        });
    if (!read) return false;
  }
  return true;
}

bool ReadMap(MapState& maps) {
  std::vector<std::byte*> records(kRows.size());
  const auto acquire = [&] {
    return maps.Acquire(Keys(), kRows, kTexts, AccessMode::kRead, records.data(), nullptr);
  };
  if (!Ready(acquire)) return false;
  for (const std::byte* record : records) {
    if (record != nullptr) TouchRecord(record, kMaps.layout);
  }
  maps.Release();
  return ReadEntries(maps, kMaps.layout);
}

bool ReadWindows(WindowState& windows) {
  for (const TimestampMs window : windows.Windows()) {
    const bool read = ReadPages<Record>(
        [&](uint64_t* cursor, std::vector<Record>* page) {
          return windows.Scan(window, AccessMode::kRead, cursor, kPage, page);
        },
        [&](const Record& record) {
          Touch(record.key);
          TouchRecord(record.data, kWindows.layout);
          return WindowState::KeyHashOf(record) != 0;
        });
    if (!read) return false;
  }
  return true;
}

bool ReadLogs(WindowListState& logs) {
  for (const TimestampMs window : logs.Windows()) {
    const auto read_rows = [&](const WindowListState::Key& key) {
      Touch(key.bytes);
      return ReadPages<std::string_view>(
          [&](uint64_t* cursor, std::vector<std::string_view>* page) {
            return logs.Values(key.handle, cursor, kPage, page);
          },
          [](std::string_view row) {
            Touch(row);
            return true;
          });
    };
    const bool read = ReadPages<WindowListState::Key>(
        [&](uint64_t* cursor, std::vector<WindowListState::Key>* page) {
          return logs.Keys(window, cursor, kPage, page);
        },
        read_rows);
    if (!read) return false;
  }
  return true;
}

bool ReadTimers(TimerQueue& timers) {
  TimerPage due;
  do {
    if (!Ready([&] { return timers.PopDue(INT64_MAX, kPage, &due); })) return false;
    for (size_t i = 0; i < due.size(); ++i) {
      Touch(due[i].key);
      Touch(due[i].name_space);
    }
  } while (!due.empty());
  return true;
}

}  // namespace

std::unique_ptr<SnapshottableStore> NewStore(const StoreHost& host) {
  return MakeStore("damaged", {0, kKeyGroups - 1}, kKeyGroups, Clock::System(), host);
}

void Fill(SnapshottableStore& store) {
  States states{};
  Require(Open(store, &states));
  constexpr auto kCreate = AccessMode::kFindOrCreate;
  std::vector<std::byte*> records(kRows.size());
  Require(states.values->Acquire(Keys(), kCreate, records.data(), nullptr).ok());
  for (size_t i = 0; i < records.size(); ++i) {
    Require(states.values->SetBlob(reinterpret_cast<Blob*>(records[i] + 16), kTexts[i]).ok());
  }
  states.values->Release();
  Require(states.maps->Acquire(Keys(), kRows, kTexts, kCreate, records.data(), nullptr).ok());
  states.maps->Release();
  for (int i = 0; i < 3; ++i) {
    Require(states.lists->Append(Keys(), kRows, kTexts, records.data()).ok());
    Require(states.logs->Append(kEnds, Keys(), kTexts).ok());
  }
  Require(states.windows->Acquire(kEnds, Keys(), kCreate, records.data(), nullptr).ok());
  states.windows->Release();
  for (int32_t i = 0; i < Keys().count(); ++i) {
    states.timers->Register(
        {5000 * (i + 1), static_cast<uint32_t>(Keys().hashes[i]), Keys().key(i), "name space"});
  }
}

bool ReadThrough(SnapshottableStore& store) {
  States states{};
  return Open(store, &states) && ReadValues(*states.values) && ReadMap(*states.maps) &&
         ReadEntries(*states.lists, kLists.layout) && ReadWindows(*states.windows) &&
         ReadLogs(*states.logs) && ReadTimers(*states.timers);
}

}  // namespace castor::fuzz
