#include "flink/state-backend/native/keyed_store.h"

#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "flink/state-backend/native/scratch_files.h"

namespace castor::flink {
namespace {

// Upkeep takes a microsecond if there is nothing to do.
constexpr size_t kAccessesPerUpkeep = 256;
constexpr size_t kBytesPerUpkeep = size_t{1} << 20;
constexpr auto kUpkeepBudget = std::chrono::microseconds(500);
// Between turns of a snapshot's thread, so that the task gets its.
constexpr auto kPause = std::chrono::microseconds(100);
constexpr size_t kExchangeBytes = size_t{64} << 10;

ScratchFiles& Files() {
  static ScratchFiles files;
  return files;
}

}  // namespace

uint32_t TableNumberOf(std::string_view name) { return XXH32(name.data(), name.size(), 0); }

Result<std::shared_ptr<KeyedStore>> KeyedStore::Open(const Options& options) {
  if (options.first_group > options.last_group || options.last_group >= options.key_groups) {
    return Status::Internal("key groups " + std::to_string(options.first_group) + " to " +
                            std::to_string(options.last_group) + " are not among " +
                            std::to_string(options.key_groups));
  }
  std::shared_ptr<KeyedStore> store(new KeyedStore(options));
  gemini::StoreOptions of_store;
  of_store.file_system = &Files();
  of_store.run_prefix = options.directory + "/run-";
  of_store.key_groups = options.key_groups;
  of_store.first_group = options.first_group;
  of_store.last_group = options.last_group;
  of_store.key_group_of = GroupHash::GroupOf;
  of_store.shared_budget = &options.memory->budget();
  of_store.execute = [pool = store->pool_](std::function<void()> work) {
    pool->Submit(std::move(work));
  };
  of_store.fetch = [owner = store.get()](std::function<void()> work) {
    owner->reads_.push_back(std::move(work));
  };
  of_store.wake = [signal = store->signal_] { signal->Wake(); };
  of_store.release = [](const std::string& path) {
    static_cast<void>(Files().DeleteFile(path));  // else it goes with the directory
  };
  CASTOR_ASSIGN_OR_RETURN(store->store_,
                          gemini::Store::Open(std::move(of_store), options.restored));
  return store;
}

KeyedStore::KeyedStore(const Options& options)
    : signal_(std::make_shared<WakeSignal>()),
      pool_(ProcessPool()),
      memory_(options.memory),
      hash_(options.key_groups),
      charge_(options.memory->account()) {
  exchange_.Resize(kExchangeBytes);
}

KeyedStore::~KeyedStore() = default;

Result<uint32_t> KeyedStore::AddTable(const std::string& name, Kind kind) {
  const std::lock_guard lock(mutex_);
  const uint32_t number = TableNumberOf(name);
  for (size_t i = 0; i < tables_.size(); ++i) {
    if (TableNumberOf(tables_[i].name) != number) continue;
    if (tables_[i].name == name && tables_[i].kind == kind) return static_cast<uint32_t>(i);
    return Status::Incompatible("state '" + name + "' and state '" + tables_[i].name +
                                "', which is there already, are not the same kind of state, or " +
                                "their names have the same number");
  }
  Table table{name, kind};
  const gemini::SectionId section{number, 0};
  const gemini::RecordLayout blob{sizeof(gemini::Blob), {0}};
  if (kind == Kind::kValue) {
    CASTOR_ASSIGN_OR_RETURN(table.records, store_->AddTable({section, blob, 0, name}));
  } else if (kind == Kind::kTimers) {
    gemini::TimerTableOptions options;
    options.table = number;
    options.name = name;
    CASTOR_ASSIGN_OR_RETURN(table.timers, store_->AddTimerTable(std::move(options)));
  } else {
    gemini::EntryTableOptions options;
    options.section = section;
    options.name = name;
    options.kind = kind == Kind::kMap ? gemini::EntriesOf::kMap : gemini::EntriesOf::kList;
    if (kind == Kind::kMap) options.layout = blob;
    CASTOR_ASSIGN_OR_RETURN(table.entries, store_->AddEntryTable(std::move(options)));
  }
  tables_.push_back(std::move(table));
  return static_cast<uint32_t>(tables_.size() - 1);
}

Status KeyedStore::SetTtl(uint32_t table_number, int64_t ttl_ms) {
  const std::lock_guard lock(mutex_);
  if (table_number >= tables_.size()) return Status::Internal("there is no such state");
  Table& table = tables_[table_number];
  if (table.ttl_ms == ttl_ms) return Status::OK();
  table.ttl_ms = ttl_ms;
  if (table.records != nullptr) store_->SetTtl(table.records, ttl_ms, now_);
  if (table.entries != nullptr) store_->SetTtl(table.entries, ttl_ms, now_);
  return Status::OK();
}

void KeyedStore::TellTime(int64_t now) {
  const std::lock_guard lock(mutex_);
  now_ = std::max(now_, now);
}

bool KeyedStore::RunReads() {
  if (reads_.empty()) return false;
  for (size_t i = 1; i < reads_.size(); ++i) pool_->SubmitAwaited(std::move(reads_[i]));
  reads_[0]();
  reads_.clear();
  return true;
}

gemini::Store::Work KeyedStore::Turn() {
  if (cut_ != nullptr && cut_->given_up_) store_->AbandonCheckpoint();
  const gemini::Store::Work work = store_->Maintain(now_);
  if (cut_ != nullptr) {
    if (auto taken = store_->TakeCheckpoint()) {
      std::exchange(cut_, nullptr)->result_ = std::move(taken);
      signal_->Wake();
    }
  }
  return work;
}

void KeyedStore::Upkeep() {
  accesses_ = written_ = 0;
  const auto until = std::chrono::steady_clock::now() + kUpkeepBudget;
  while (Turn() == gemini::Store::Work::kMore && std::chrono::steady_clock::now() < until) {
  }
  while (store_->MustWait()) {
    const uint64_t seen = signal_->Seen();
    Turn();
    if (store_->MustWait()) signal_->WaitBeyond(seen, std::chrono::milliseconds(10));
  }
  charge_.Set(store_->charged_bytes() + static_cast<int64_t>(exchange_.capacity()));
}

void KeyedStore::Done(size_t written) {
  store_->Release();
  written_ += written;
  if (++accesses_ >= kAccessesPerUpkeep || written_ >= kBytesPerUpkeep) Upkeep();
}

Result<std::shared_ptr<StateCut>> KeyedStore::StartCut() {
  std::shared_ptr<StateCut> before;
  {
    const std::lock_guard lock(mutex_);
    before = cut_;
  }
  // Its own thread hears of an error.
  if (before != nullptr) static_cast<void>(AwaitCut(before.get(), true));
  const std::lock_guard lock(mutex_);
  CASTOR_RETURN_NOT_OK(store_->StartCheckpoint());
  cut_ = std::make_shared<StateCut>();
  return cut_;
}

Status KeyedStore::AwaitCut(StateCut* cut, bool by_owner) {
  while (true) {
    const uint64_t seen = signal_->Seen();
    auto work = gemini::Store::Work::kNone;
    {
      const std::lock_guard lock(mutex_);
      const bool gone = cut_.get() != cut || (cut->given_up_ && !by_owner);
      if (!cut->result_ && gone) return Status::Cancelled("the snapshot has been given up");
      if (!cut->result_ && closed_.load(std::memory_order_relaxed)) {
        return Status::Cancelled("state is closed");
      }
      if (!cut->result_) work = Turn();
      if (cut->result_) return cut->result_->status();
    }
    if (work != gemini::Store::Work::kMore) {
      signal_->WaitBeyond(seen, std::chrono::milliseconds(1));
    } else if (!by_owner) {
      signal_->WaitBeyond(seen, kPause);
    }
  }
}

void KeyedStore::GiveUp(StateCut* cut) {
  std::optional<Result<gemini::LiveCheckpoint>> result;  // whose files may go, without the lock
  {
    const std::lock_guard lock(mutex_);
    cut->given_up_ = true;
    result.swap(cut->result_);
  }
  signal_->Wake();
}

Result<gemini::LiveCheckpoint> KeyedStore::CheckpointOf(const StateCut& cut) const {
  const std::lock_guard lock(mutex_);
  if (!cut.result_) return Status::Internal("a snapshot is read that is not complete");
  return *cut.result_;
}

}  // namespace castor::flink
