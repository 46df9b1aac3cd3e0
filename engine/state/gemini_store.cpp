#include "state/gemini_store.h"

#include <utility>

#include "base/memory.h"
#include "state/gemini_options.h"
#include "state/gemini_states.h"

namespace castor::state {
namespace {

gemini::SharedBudget& ProcessBudget() {
  static gemini::SharedBudget budget(&MemoryAccount::State());
  return budget;
}

constexpr auto kMetricsInterval = std::chrono::milliseconds(500);

int64_t Nanoseconds() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

uint32_t KeyGroupOfHash(uint32_t hash, uint32_t key_groups) {
  return static_cast<uint32_t>(
      KeyGroupOf(static_cast<int32_t>(hash), static_cast<int32_t>(key_groups)));
}

}  // namespace

GeminiStore::GeminiStore(std::string operator_name, KeyGroupRange range, int32_t max_parallelism,
                         const Clock& clock, StoreHost host)
    : operator_name_(std::move(operator_name)),
      range_(range),
      max_parallelism_(max_parallelism),
      clock_(clock),
      host_(std::move(host)),
      metrics_(host_.metrics) {}

// States before the tables that they use.
GeminiStore::~GeminiStore() { states_.clear(); }

Status GeminiStore::EnsureStore() {
  if (store_ != nullptr) return Status::OK();
  gemini::StoreOptions options;
  options.file_system = host_.file_system;
  options.run_prefix = host_.file_prefix;
  options.key_groups = static_cast<uint32_t>(max_parallelism_);
  options.first_group = static_cast<uint32_t>(range_.start);
  options.last_group = static_cast<uint32_t>(range_.end);
  options.key_group_of = KeyGroupOfHash;
  options.shared_budget = &ProcessBudget();
  if (host_.options != nullptr) {
    options.run_bytes = host_.options->run_bytes;
    options.separate_from = host_.options->separate_from;
    options.compress = host_.options->compress;
  }
  options.execute = host_.execute ? host_.execute : [](std::function<void()> work) { work(); };
  options.fetch = host_.fetch;
  options.wake = host_.wake;
  options.tuning = gemini::TuningOptions::All();
  if (host_.options != nullptr) options.tuning.separation = host_.options->adapt_separation;
  // Where it was measured, an aggregate, blocks took more from records than they gave.
  options.tuning.block_cache = false;
  options.nanoseconds = Nanoseconds;
  if (host_.log) {
    options.log = [log = host_.log, name = operator_name_](const std::string& line) {
      log("state of " + name + ": " + line);
    };
  }
  options.release = host_.release ? host_.release : [](const std::string&) {};
  CASTOR_ASSIGN_OR_RETURN(store_, gemini::Store::Open(std::move(options), restored_));
  return Status::OK();
}

// What old instances had of the state.
Status GeminiStore::CheckAgainstRestored(const DescribedState& wanted) const {
  for (const gemini::Checkpoint& checkpoint : restored_) {
    for (const gemini::CheckpointTable& table : checkpoint.tables) {
      if (table.name != wanted.descriptor.name) continue;
      CASTOR_RETURN_NOT_OK(CheckRestored(operator_name_, DescribeTable(table), wanted));
    }
  }
  return Status::OK();
}

// The state, made if it is not there yet.
Result<GeminiStore::Entry*> GeminiStore::Find(const DescribedState& wanted) {
  const std::string& name = wanted.descriptor.name;
  const auto found = states_.find(name);
  if (found != states_.end()) {
    CASTOR_RETURN_NOT_OK(CheckRestored(operator_name_, found->second.described, wanted));
    return &found->second;
  }
  CASTOR_RETURN_NOT_OK(CheckAgainstRestored(wanted));
  for (const auto& [other, entry] : states_) {
    if (TableNumberOf(other) != TableNumberOf(name)) continue;
    return Status::Internal("states '" + name + "' and '" + other +
                            "' have the same number; rename one of them");
  }
  CASTOR_RETURN_NOT_OK(EnsureStore());
  Entry entry{wanted, {}, {}, false};
  CASTOR_RETURN_NOT_OK(Make(&entry));
  return &states_.emplace(name, std::move(entry)).first->second;
}

Status GeminiStore::Make(Entry* entry) {
  const StateDescriptor& descriptor = entry->described.descriptor;
  if (descriptor.layout.fixed_size % 16 != 0) {
    return Status::Internal("record size of state '" + descriptor.name + "' is no multiple of 16");
  }
  const gemini::SectionId section{TableNumberOf(descriptor.name), 0};
  const gemini::RecordLayout layout = TableLayoutOf(descriptor.layout);
  if (entry->described.kind == StateKind::kValue) {
    CASTOR_ASSIGN_OR_RETURN(gemini::RecordTable * table,
                            store_->AddTable({section, layout, descriptor.ttl_ms, descriptor.name,
                                              TableSchemaOf(descriptor)}));
    entry->table = table;
    entry->state = std::make_unique<GeminiValueState>(store_.get(), table, &clock_);
    return Status::OK();
  }
  if (entry->described.kind == StateKind::kTimers) {
    gemini::TimerTableOptions options;
    options.table = section.table;
    options.name = descriptor.name;
    CASTOR_ASSIGN_OR_RETURN(gemini::TimerTable * table, store_->AddTimerTable(std::move(options)));
    entry->table = table;
    entry->state = std::make_unique<GeminiTimerQueue>(store_.get(), table);
    return Status::OK();
  }
  if (entry->described.kind == StateKind::kWindowList) {
    CASTOR_ASSIGN_OR_RETURN(
        gemini::WindowListTable * table,
        store_->AddWindowListTable({section.table, descriptor.name, TableSchemaOf(descriptor)}));
    entry->table = table;
    entry->state = std::make_unique<GeminiWindowListState>(store_.get(), table);
    return Status::OK();
  }
  gemini::EntryTableOptions options{section,           layout,          gemini::EntriesOf::kMap,
                                    descriptor.ttl_ms, descriptor.name, TableSchemaOf(descriptor)};
  if (entry->described.kind == StateKind::kWindow) {
    CASTOR_ASSIGN_OR_RETURN(gemini::EntryTable * table, store_->AddWindowTable(std::move(options)));
    entry->table = table;
    entry->state = std::make_unique<GeminiWindowState>(store_.get(), table);
    return Status::OK();
  }
  if (entry->described.kind == StateKind::kList) options.kind = gemini::EntriesOf::kList;
  CASTOR_ASSIGN_OR_RETURN(gemini::EntryTable * table, store_->AddEntryTable(std::move(options)));
  entry->table = table;
  if (entry->described.kind == StateKind::kMap) {
    entry->state = std::make_unique<GeminiMapState>(store_.get(), table, &clock_);
  } else {
    entry->state = std::make_unique<GeminiListState>(store_.get(), table, &clock_);
  }
  return Status::OK();
}

// What was restored has the TTL that the job says now.
void GeminiStore::SetTtl(Entry* entry, int64_t ttl_ms) {
  if (auto** table = std::get_if<gemini::RecordTable*>(&entry->table)) {
    store_->SetTtl(*table, ttl_ms, clock_.NowMs());
  } else if (auto** entries = std::get_if<gemini::EntryTable*>(&entry->table)) {
    store_->SetTtl(*entries, ttl_ms, clock_.NowMs());
  }
}

template <typename Interface>
Result<Interface*> GeminiStore::Open(DescribedState wanted) {
  CASTOR_ASSIGN_OR_RETURN(Entry * entry, Find(wanted));
  if (std::exchange(entry->opened, true)) {
    return Status::Internal("state '" + wanted.descriptor.name + "' is opened twice");
  }
  SetTtl(entry, wanted.descriptor.ttl_ms);
  return std::get<std::unique_ptr<Interface>>(entry->state).get();
}

Result<ValueState*> GeminiStore::OpenValue(const StateDescriptor& descriptor) {
  return Open<ValueState>({StateKind::kValue, descriptor});
}
Result<MapState*> GeminiStore::OpenMap(const StateDescriptor& descriptor) {
  return Open<MapState>({StateKind::kMap, descriptor});
}
Result<ListState*> GeminiStore::OpenList(const StateDescriptor& descriptor) {
  return Open<ListState>({StateKind::kList, descriptor});
}
Result<WindowState*> GeminiStore::OpenWindow(const StateDescriptor& descriptor) {
  return Open<WindowState>({StateKind::kWindow, descriptor});
}
Result<WindowListState*> GeminiStore::OpenWindowList(const StateDescriptor& descriptor) {
  return Open<WindowListState>({StateKind::kWindowList, descriptor});
}
Result<TimerQueue*> GeminiStore::OpenTimers(const std::string& name) {
  return Open<TimerQueue>({StateKind::kTimers, DescribeTimers(name)});
}

bool GeminiStore::MayCut() {
  if (cut_ == nullptr) return true;
  cut_->GiveUp();
  store_->AbandonCheckpoint();
  TakeCheckpoint();
  return cut_ == nullptr;
}

Result<std::unique_ptr<StateCut>> GeminiStore::Cut(SnapshotFormat format) {
  if (!MayCut()) return Status::Internal("the cut before is still on its way");
  if (host_.file_system == nullptr) return Status::Internal("a store without files is cut");
  CASTOR_RETURN_NOT_OK(EnsureStore());
  CASTOR_RETURN_NOT_OK(store_->StartCheckpoint());
  cut_ = std::make_shared<PendingCut>(format, max_parallelism_);
  return std::unique_ptr<StateCut>(std::make_unique<GeminiCut>(cut_));
}

void GeminiStore::TakeCheckpoint() {
  if (cut_ == nullptr) return;
  if (auto taken = store_->TakeCheckpoint())
    std::exchange(cut_, nullptr)->Finish(std::move(*taken));
}

void GeminiStore::TellMetrics(std::chrono::steady_clock::time_point now) {
  tells_at_ = now + kMetricsInterval;
  metrics_.Update(store_->stats(), store_->charged_bytes());
}

SnapshottableStore::Work GeminiStore::Maintain(bool at_rest, std::chrono::nanoseconds budget) {
  if (store_ == nullptr) return Work::kNone;
  if (at_rest) store_->Release();
  if (cut_ != nullptr && cut_->given_up()) store_->AbandonCheckpoint();
  const auto now = std::chrono::steady_clock::now();
  const auto until = now + budget;
  if (now >= tells_at_) TellMetrics(now);
  while (true) {
    const gemini::Store::Work work = store_->Maintain(clock_.NowMs());
    TakeCheckpoint();
    if (work == gemini::Store::Work::kNone) return Work::kNone;
    if (work == gemini::Store::Work::kWaiting) return Work::kWaiting;
    if (std::chrono::steady_clock::now() >= until) return Work::kMore;
  }
}

Status GeminiStore::Restore(const StoredState& stored) {
  if (!IsNative(stored.bytes)) return RestoreCanonical(stored.bytes);
  if (store_ != nullptr)
    return Status::Internal("a native snapshot is restored after another kind");
  CASTOR_ASSIGN_OR_RETURN(gemini::Checkpoint checkpoint, ReadNative(stored));
  restored_.push_back(std::move(checkpoint));
  return Status::OK();
}

std::unique_ptr<SnapshottableStore> MakeStore(std::string operator_name, KeyGroupRange range,
                                              int32_t max_parallelism, const Clock& clock,
                                              StoreHost host) {
  return std::make_unique<GeminiStore>(std::move(operator_name), range, max_parallelism, clock,
                                       std::move(host));
}

}  // namespace castor::state
