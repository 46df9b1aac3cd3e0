// One instance of Gemini: the keyed state of one operator instance, in memory and in runs.
//
// The owner's thread makes all calls. Work that blocks is handed to `execute` and its result taken
// over by the next call of the owner, who is told by `wake`. A lookup that needs cold records is
// *pending*: it has changed nothing, and is repeated as it was when the owner has been woken;
// meanwhile nothing is evicted.
//
//   Acquire -> payloads, to be read or updated in place -> Release     a batch
//   Locate -> handles, whose entries are walked -> Release
//   Maintain                                                           between batches, while
//   nothing is held StartCheckpoint ... Maintain ... TakeCheckpoint
//
// Memory is the authority for what it holds. Runs are ordered by age; what an eviction writes is
// older than a cut that starts later, and none starts while a cut is on its way.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/memory_charge.h"
#include "base/status.h"
#include "gemini/memory/memory_tier.h"
#include "gemini/store/checkpoint.h"
#include "gemini/store/completions.h"
#include "gemini/store/run_files.h"
#include "gemini/store/shared_budget.h"
#include "gemini/store/window_scan.h"
#include "gemini/tier/run_set.h"
#include "gemini/tier/section_filters.h"
#include "gemini/tuning/tuner.h"
#include "io/file_system.h"

namespace castor::gemini {

struct StoreOptions {
  io::FileSystem* file_system = nullptr;  // not owned
  std::string run_prefix;                 // a path: of every run of this instance and attempt only
  uint32_t key_groups = 128;
  uint32_t first_group = 0;  // of this instance
  uint32_t last_group = 127;
  KeyGroupFunction key_group_of = nullptr;
  // Tables, buffers on their way to runs, and filters and indexes of runs. See MustWait.
  int64_t memory_budget = INT64_MAX / 2;
  // If not null, in place of that: what all instances of the process may have together. Outlives
  // the instance.
  SharedBudget* shared_budget = nullptr;
  int64_t run_bytes = int64_t{16} << 20;  // of entries that are sorted and written as one run
  size_t records_per_slice = 2000;        // that a call of Maintain saves for a cut
  std::function<void(std::function<void()>)>
      execute;  // on another thread, or later; may drop work at the end
  // The same for reads that the owner waits for, most of which wait for a disk or for an object
  // store: best on many threads. Empty: as `execute`.
  std::function<void(std::function<void()>)> fetch;
  std::function<void()> wake;  // on any thread
  RunFiles::Release
      release;  // of runs that neither the instance nor a checkpoint needs; on any thread
  MergeOptions merge;
  // Values of so many bytes and more stand apart from their keys in runs, so that merges do not
  // copy them; 0: none do.
  uint32_t separate_from = 0;
  bool compress = true;           // blocks of runs
  int64_t block_cache_bytes = 0;  // of the budget, for blocks that lookups have read
  // Whether the filter of the oldest run is in memory once it has been merged.
  bool filter_of_oldest = true;
  // What the instance decides for itself: the settings above are where it begins.
  TuningOptions tuning;
  // Gets a line for each decision, with its reason. May be empty; on the owner's thread.
  std::function<void(const std::string&)> log;
  // By which reads and merges are timed, so that decisions weigh what they really cost here; on any
  // thread. nullptr: they are supposed to cost what is usual.
  Stopwatch::Clock nanoseconds = nullptr;
};

// What the bytes that are charged are for.
struct MemoryUse {
  int64_t records = 0;  // slots of records in use
  int64_t room = 0;     // of chunks, not in use
  int64_t indexes = 0;  // of records
  int64_t runs = 0;     // indexes and filters of runs
  int64_t writing = 0;  // copies of records that are being written
  int64_t blocks = 0;   // that have been read
};

// What an instance has done since it was opened.
struct StoreStats {
  uint64_t looked_up = 0;      // keys, or entries of keys, that lookups have come back with
  uint64_t read_for_them = 0;  // such that runs had to be read for, because filters could not tell
  uint64_t bytes_read = 0;     // from files, by lookups and merges
  uint64_t bytes_written = 0;
  BlockCache::Counts block_cache;
  MemoryUse memory;
  Settings settings;                       // as they are now
  std::array<uint64_t, kKnobs> decided{};  // how often, by Knob

  // The share of what was looked up that memory and filters knew.
  double hit_rate() const {
    if (looked_up == 0) return 1;
    return 1 - static_cast<double>(read_for_them) / static_cast<double>(looked_up);
  }
};

// A checkpoint that is complete. As long as it is kept none of its runs is released.
struct LiveCheckpoint {
  Checkpoint description;
  RunSet runs;
};

class Store {
 public:
  // With what holds for the instance's key groups in the checkpoints of all instances before.
  // Blocks: reads footers, indexes and filters; records are read when they are asked for.
  static Result<std::unique_ptr<Store>> Open(StoreOptions options,
                                             std::span<const Checkpoint> restored);

  // Tables have numbers of the host's choice, which are those of their sections in runs.
  // kIncompatible: what was restored has another shape.
  Result<RecordTable*> AddTable(TableOptions options);

  // As RecordTable::Lookup; created[i] is left alone where nothing is made, and says nothing of
  // what is overwritten. An error is one of reading cold records.
  Result<Readiness> Acquire(RecordTable* table, const Keys& keys, Access access, int64_t now,
                            std::byte** payloads, uint8_t* created);
  void Release() {
    held_ = false;
    scans_.clear();
  }
  // Never waits for what is cold. While nothing is held.
  void Erase(RecordTable* table, const Keys& keys, std::span<const int32_t> rows);

  // The same for maps and lists.
  Result<EntryTable*> AddEntryTable(EntryTableOptions options);
  Result<Readiness> Acquire(EntryTable* table, const EntryKeys& entries, Access access, int64_t now,
                            std::byte** payloads, uint8_t* created);
  // Never waits.
  void Append(EntryTable* table, const EntryKeys& entries, int64_t now, std::byte** payloads);
  // Handles of all entries of the keys at `rows`, for EntryTable::Walk, until Release.
  Result<Readiness> Locate(EntryTable* table, const Keys& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles);
  void Erase(EntryTable* table, const EntryKeys& entries);
  void Clear(EntryTable* table, const Keys& keys, std::span<const int32_t> rows);

  // Windows: `keys` in `windows`, one each. Acquire and Scan wait for what is cold, a scan for all
  // of its window; ScanPage for a page of it. DropWindow never does, nor does it look at records.
  Result<EntryTable*> AddWindowTable(EntryTableOptions options);
  Result<Readiness> Acquire(EntryTable* table, std::span<const int64_t> windows, const Keys& keys,
                            Access access, int64_t now, std::byte** payloads, uint8_t* created);
  // A handle of all records of the window, for EntryTable::Walk, until Release.
  Result<Readiness> Scan(EntryTable* table, int64_t window, uint64_t* handle);
  // Records of the window, to be read only, whatever the size of the window: appends up to `most`
  // to `*page`, valid until the next call for the table. `cursor` is 0 at the start, and
  // EntryTable::kEndOfEntries at last; one window of a table at a time. After an error it is begun
  // anew.
  Result<Readiness> ScanPage(EntryTable* table, int64_t window, uint64_t* cursor, size_t most,
                             std::vector<EntryView>* page);
  void DropWindow(EntryTable* table, int64_t window);

  // Rows appended to keys of windows, whose table names the windows. Appending never
  // waits. The first look at a window waits for all of it; then it stays in memory until it is
  // dropped, and so does what was found: there is nothing to release.
  Result<WindowListTable*> AddWindowListTable(WindowListOptions options);
  void Append(WindowListTable* table, std::span<const int64_t> windows, const Keys& keys,
              std::span<const std::string_view> rows) {
    table->Append(windows, keys, rows);
  }
  // As WindowListTable::Locate and WalkKeys.
  Result<Readiness> Locate(WindowListTable* table, int64_t window, const Keys& keys,
                           std::vector<uint64_t>* handles);
  Result<Readiness> WalkKeys(WindowListTable* table, int64_t window, uint64_t* cursor, size_t most,
                             std::vector<WindowKey>* page);
  void DropWindow(WindowListTable* table, int64_t window);

  // Timers. Registering and deleting never wait; PopDue, of which `*page` is replaced, does for a
  // bucket of time that is cold.
  Result<TimerTable*> AddTimerTable(TimerTableOptions options);
  void Register(TimerTable* table, const TimerView& timer) { table->Register(timer); }
  void Delete(TimerTable* table, const TimerView& timer);
  Result<Readiness> PopDue(TimerTable* table, int64_t until, size_t most, TimerPage* page);

  // Of what is written from now on and of what has been restored, whatever TTL that had; what had
  // none counts as written now.
  void SetTtl(RecordTable* table, int64_t ttl_ms, int64_t now);
  void SetTtl(EntryTable* table, int64_t ttl_ms, int64_t now);

  enum class Work : uint8_t { kNone, kMore, kWaiting };
  // Goes on with the checkpoint, eviction, expiry and merging for a millisecond or so. kMore: there
  // is more to do at once; kWaiting: when woken. While something is held nothing is evicted, nor
  // does it expire.
  Work Maintain(int64_t now);
  // Whether upkeep is due before anything is added. Cheap enough to be asked for every batch.
  bool OverBudget() const;
  // Whether the budget is exceeded by a thirty-second and memory is being freed, by upkeep or by
  // what is being written, of whose end the owner is told, or will be after a cut: it is better to
  // add nothing meanwhile. It is exceeded further where nothing can be freed.
  bool MustWait() const;

  // The synchronous part: takes constant time unless the one before is still being tidied up.
  // kInternal: it has not been taken yet.
  Status StartCheckpoint();
  // Gives the one on its way up; it is still to be taken.
  void AbandonCheckpoint();
  // Nothing: it is on its way. An error: it has failed, and what it held will be in the next one.
  std::optional<Result<LiveCheckpoint>> TakeCheckpoint();

  int64_t charged_bytes() const;
  MemoryUse memory_use() const;
  StoreStats stats() const;
  const RunSet& runs() const { return runs_; }
  // Why the last eviction or merge failed; both are tried again.
  const Status& write_failure() const { return write_failure_; }

 private:
  // A cut whose runs are being written.
  struct Cut {
    std::shared_ptr<EntryBlocks> blocks = std::make_shared<EntryBlocks>();  // of all buffers
    std::shared_ptr<EntryBuffer> buffer;                                    // that is being filled
    int writing = 0;
    // From the oldest to the newest: a clear is in no newer one than what came after it.
    std::vector<std::optional<RunSet::Run>> runs;
    Status failure;
    std::vector<SectionId> dropped_since;
  };
  struct StoredTimer {
    uint32_t key_hash;
    std::string key;
    std::string user_key;
  };
  // What is looked up in the runs: a record, an entry, all entries of a key, or a section; and what
  // has been found.
  struct ColdKey {
    Position position = 0;
    std::string key;
    std::string user_key;  // of a window: as WindowRow composes it
    size_t from = 0;       // the newest run that may contain it
    std::vector<StoredEntry> found = {};
    std::vector<StoredTimer> timers = {};
    StoredRows rows = {};
    int64_t byte_size() const;
    friend bool operator<(const ColdKey& a, const ColdKey& b) {
      return std::tie(a.position, a.key, a.user_key) < std::tie(b.position, b.key, b.user_key);
    }
  };
  enum class Sought : uint8_t {
    kRecord,
    kEntry,
    kAllEntries,
    kWindowRecord,
    kWindow,
    kWindowRows,
    kTimers
  };
  struct Fetch {
    Fetch(Sought what, RecordOwner* of, SectionId in, RunSet from)
        : sought(what), table(of), section(in), runs(std::move(from)) {}

    const Sought sought;
    RecordOwner* const table;  // for the owner
    const SectionId section;
    const RunSet runs;
    std::vector<ColdKey> keys;
    size_t read = 0;  // of the keys; all if `status` is OK
    Status status;
    MemoryCharge charge;  // of the keys and what has been found

    Status Read(ColdKey* key) const;
    Status ReadRows(StoredRows* rows) const;
  };

  explicit Store(StoreOptions options);
  Status Restore(const Checkpoint& checkpoint);

  // `work` on the pool, then what it returns here.
  using PoolWork = std::function<std::function<void()>()>;
  void Execute(PoolWork work) { HandOver(options_.execute, std::move(work)); }
  // The same for what the owner waits for.
  void ExecuteAwaited(PoolWork work) {
    HandOver(options_.fetch ? options_.fetch : options_.execute, std::move(work));
  }
  void HandOver(const std::function<void(std::function<void()>)>& pool, PoolWork work);
  void TakeOver();

  Result<Readiness> AcquireCold(RecordTable* table, const Keys& keys, Access access, int64_t now,
                                std::byte** payloads, uint8_t* created);
  Result<Readiness> AcquireCold(EntryTable* table, const EntryKeys& entries, Access access,
                                int64_t now, std::byte** payloads, uint8_t* created);
  // What every lookup begins with: kPending while an earlier one is.
  Result<Readiness> Begin();
  // And ends with.
  Readiness Ready(size_t looked_up);
  // What is looked up at once. The rest of a batch is when it is repeated, so that what has been
  // read and not yet taken over is bounded.
  static constexpr size_t kMostCold = 2048;
  static constexpr size_t kMostColdWhole = 256;  // keys of which all entries are read
  // So many keys before a filter is asked, its cache line is fetched.
  static constexpr size_t kAhead = 4;
  // kPending: each key once, in the order of the runs.
  Readiness StartFetches(Sought sought, RecordOwner* table, SectionId section,
                         std::vector<ColdKey> keys);
  void StartFetch(std::shared_ptr<Fetch> fetch);
  void EndFetch(const Fetch& fetch);
  static Status TakeIn(const Fetch& fetch, const ColdKey& cold);
  static Status TakeInWindow(const Fetch& fetch, const ColdKey& cold);
  Result<Readiness> Hold(WindowListTable* table, int64_t window);
  static Status TakeInTimers(const Fetch& fetch, const ColdKey& cold);
  void SetTtl(uint32_t table, int64_t ttl_ms);
  // kIncompatible if it was saved in another shape. Above the number of each list entry restored.
  Result<uint64_t> Declare(const CheckpointTable& table);
  // Nothing that runs now hold of the section counts any more.
  void DropSection(SectionId section);
  void DropBuckets(TimerTable* table);
  void ReadPage(EntryTable* table, std::shared_ptr<WindowScan> scan);

  void ContinueCheckpoint();
  int64_t CutBufferBytes() const;
  void SaveSlice();
  void WriteCutBuffer();
  void FinishCheckpoint();
  void SyncRuns();
  void Evict();
  // Whether the hand should go on at once.
  bool EvictsMore() const;
  bool MuchHasExpired(int64_t now);
  void StartMerge(int64_t now);
  // Decides what is due, if anything is.
  void Tune();
  void ChangeFilter(const FilterChange& change);
  // What is being read was in memory a while ago?
  void CountReads(Sought sought, const RecordOwner* table, const std::vector<ColdKey>& keys);
  void AddRun(RunSet::Run run);
  void ChargeRuns();
  int64_t budget() const {
    return options_.shared_budget == nullptr ? options_.memory_budget
                                             : options_.shared_budget->BudgetOf(charged_bytes());
  }
  Checkpoint Describe() const;
  PositionRange own_range() const {
    return PositionRange::OfKeyGroups(options_.first_group, options_.last_group);
  }

  const StoreOptions options_;
  const std::shared_ptr<RunFiles> files_;
  const std::shared_ptr<Completions> completions_;
  MemoryTier tier_;
  RunSet runs_;
  Tuner tuner_;
  std::vector<CheckpointTable> tables_;
  std::vector<CheckpointTable> restored_tables_;
  std::map<uint32_t, int64_t> ttls_;  // of tables that have one, by their number in runs
  bool held_ = false;
  bool pending_ = false;  // a lookup is to be repeated

  uint64_t looked_up_ = 0, read_for_them_ = 0;
  int fetching_ = 0;
  std::map<const EntryTable*, std::shared_ptr<WindowScan>> scans_;  // of windows, beyond memory
  Status fetch_failure_;
  std::vector<uint32_t> missing_;

  std::optional<Cut> cut_;
  std::optional<Result<LiveCheckpoint>> checkpoint_;

  // Tables that number what they save, by their place in tables_.
  std::vector<std::pair<size_t, const RecordOwner*>> numbered_;
  bool evicting_ = false;
  size_t chunks_in_vain_ = 0;  // that the hand has passed since it last found anything
  bool syncing_ = false;       // the runs that a checkpoint needs
  std::set<SectionId> dropped_while_evicting_;
  bool merging_ = false;
  bool merge_due_ = false;
  int64_t next_look_for_expired_ = INT64_MIN;
  bool rewrites_all_ = false;   // since what has been written cannot be made durable
  int64_t buffered_bytes_ = 0;  // on their way to runs
  int64_t run_memory_bytes_ = 0;
  MemoryCharge run_memory_;
  SharedBudget::Member member_;
  Status write_failure_;
};

}  // namespace castor::gemini
