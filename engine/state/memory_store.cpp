// The in-memory store: a registry of states by name, saved and restored together.
#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <utility>

#include "base/memory.h"
#include "state/memory_cut.h"
#include "state/memory_map_state.h"
#include "state/memory_timer_queue.h"
#include "state/memory_value_state.h"
#include "state/memory_window_state.h"
#include "state/snapshot.h"

namespace castor::state {
namespace {

std::string_view KindName(StateKind kind) {
  switch (kind) {
    case StateKind::kValue:
      return "value";
    case StateKind::kMap:
      return "map";
    case StateKind::kList:
      return "list";
    case StateKind::kWindow:
      return "window";
    case StateKind::kWindowList:
      return "window list";
    case StateKind::kTimers:
      return "timers";
  }
  return "unknown";
}

Result<std::unique_ptr<MemoryState>> MakeState(StateKind kind, const StoreContext& context,
                                               const StateDescriptor& descriptor) {
  const auto done = [](auto state) { return std::unique_ptr<MemoryState>(std::move(state)); };
  switch (kind) {
    case StateKind::kValue:
      return done(std::make_unique<MemoryValueState>(context, descriptor));
    case StateKind::kMap:
      return done(std::make_unique<MemoryMapState>(context, descriptor));
    case StateKind::kList:
      return done(std::make_unique<MemoryListState>(context, descriptor));
    case StateKind::kWindow:
      return done(std::make_unique<MemoryWindowState>(context, descriptor));
    case StateKind::kWindowList:
      return done(std::make_unique<MemoryWindowListState>(context, descriptor));
    case StateKind::kTimers:
      return done(std::make_unique<MemoryTimerQueue>(context));
  }
  return Status::Corruption("state snapshot: unknown kind of state");
}

// Saved between two looks at the clock.
constexpr int kRecordsPerStep = 32;

// The memory of a cut, and whether the cut is still being written, which another thread may do.
struct KeptArena {
  BlockArena arena;
  std::atomic<bool> taken{true};
};

class MemoryStore final : public SnapshottableStore {
 public:
  MemoryStore(std::string operator_name, KeyGroupRange range, int32_t max_parallelism,
              const Clock& clock)
      : operator_name_(std::move(operator_name)),
        context_{&pool_, &clock, max_parallelism, range} {}
  ~MemoryStore() override { GiveUpCut(); }

  Result<ValueState*> OpenValue(const StateDescriptor& d) override {
    return Open<ValueState, MemoryValueState>(StateKind::kValue, d);
  }
  Result<MapState*> OpenMap(const StateDescriptor& d) override {
    return Open<MapState, MemoryMapState>(StateKind::kMap, d);
  }
  Result<ListState*> OpenList(const StateDescriptor& d) override {
    return Open<ListState, MemoryListState>(StateKind::kList, d);
  }
  Result<WindowState*> OpenWindow(const StateDescriptor& d) override {
    return Open<WindowState, MemoryWindowState>(StateKind::kWindow, d);
  }
  Result<WindowListState*> OpenWindowList(const StateDescriptor& d) override {
    return Open<WindowListState, MemoryWindowListState>(StateKind::kWindowList, d);
  }
  Result<TimerQueue*> OpenTimers(const std::string& name) override {
    return Open<TimerQueue, MemoryTimerQueue>(StateKind::kTimers,
                                              StateDescriptor{name, {}, "timers", 1, 0});
  }

  int64_t ByteSize() const override { return pool_.used_bytes(); }
  bool HasStates() const override { return !states_.empty(); }

  Result<std::unique_ptr<StateCut>> Cut(SnapshotFormat, std::function<void()> room) override {
    GiveUpCut();
    cut_ = std::make_shared<CutBuffer>(context_.max_parallelism, ArenaOfCut(), std::move(room));
    for (const auto& [name, entry] : states_) {
      entry.state->StartCut(cut_->AddSection(entry.kind, entry.descriptor, context_.range));
      unsaved_.push_back(entry.state.get());
    }
    return std::unique_ptr<StateCut>(std::make_unique<MemoryCut>(cut_));
  }

  Work Maintain(bool at_rest, std::chrono::nanoseconds budget) override;
  bool MustWait() const override { return false; }

  Status Restore(const StoredState& stored) override;

 private:
  struct Entry {
    StateKind kind;
    StateDescriptor descriptor;
    std::unique_ptr<MemoryState> state;
    bool restored = false;
  };

  template <typename Interface, typename State>
  Result<Interface*> Open(StateKind kind, const StateDescriptor& descriptor);
  Status CheckRestored(const Entry& entry, StateKind kind, const StateDescriptor& wanted) const;
  Status Incompatible(const std::string& state, const std::string& why) const;
  void GiveUpCut() {
    if (cut_ != nullptr) cut_->Abandon();
    cut_.reset();
    unsaved_.clear();
  }

  std::shared_ptr<BlockArena> ArenaOfCut();

  const std::string operator_name_;
  std::shared_ptr<KeptArena> kept_;  // of the last cut, for the next
  SegmentPool pool_;                 // before the states, whose memory it is
  const StoreContext context_;
  std::map<std::string, Entry> states_;
  std::shared_ptr<CutBuffer> cut_;  // until it is saved
  std::vector<MemoryState*> unsaved_;
};

// That of the cut before, unless it is still being written.
std::shared_ptr<BlockArena> MemoryStore::ArenaOfCut() {
  if (kept_ == nullptr || kept_->taken.exchange(true, std::memory_order_acquire)) {
    kept_ = std::make_shared<KeptArena>();
  } else {
    kept_->arena.Reset();
  }
  const auto give_back = [kept = kept_](BlockArena*) {
    kept->taken.store(false, std::memory_order_release);
  };
  return {&kept_->arena, give_back};
}

SnapshottableStore::Work MemoryStore::Maintain(bool, std::chrono::nanoseconds budget) {
  if (cut_ == nullptr) return Work::kNone;
  const auto until = std::chrono::steady_clock::now() + budget;
  while (!unsaved_.empty()) {
    if (cut_->full()) return Work::kWaiting;
    if (!unsaved_.back()->ContinueCut(kRecordsPerStep)) {
      unsaved_.pop_back();
    } else if (std::chrono::steady_clock::now() >= until) {
      return Work::kMore;
    }
  }
  std::exchange(cut_, nullptr)->Finish();
  const MemoryAccount& account = MemoryAccount::Process();
  if (account.used() > account.limit() / 2) kept_.reset();  // once it is written
  return Work::kNone;
}

Status MemoryStore::Incompatible(const std::string& state, const std::string& why) const {
  return Status::Incompatible("state '" + state + "' of operator '" + operator_name_ +
                              "' cannot be restored: " + why);
}

Status MemoryStore::CheckRestored(const Entry& entry, StateKind kind,
                                  const StateDescriptor& wanted) const {
  const StateDescriptor& found = entry.descriptor;
  if (entry.kind != kind) {
    return Incompatible(wanted.name, "the snapshot holds a " + std::string(KindName(entry.kind)) +
                                         " state, the job needs a " + std::string(KindName(kind)) +
                                         " state");
  }
  if (found.schema != wanted.schema) {
    return Incompatible(wanted.name, "the snapshot holds [" + found.schema + "], the job needs [" +
                                         wanted.schema + "]");
  }
  if (found.version != wanted.version || found.layout.fixed_size != wanted.layout.fixed_size ||
      found.layout.blob_offsets != wanted.layout.blob_offsets) {
    return Incompatible(wanted.name, "its layout has version " + std::to_string(found.version) +
                                         ", the job needs version " +
                                         std::to_string(wanted.version));
  }
  return Status::OK();
}

template <typename Interface, typename State>
Result<Interface*> MemoryStore::Open(StateKind kind, const StateDescriptor& descriptor) {
  if (descriptor.layout.fixed_size % 16 != 0) {
    return Status::Internal("record size of state '" + descriptor.name + "' is no multiple of 16");
  }
  const auto found = states_.find(descriptor.name);
  if (found != states_.end()) {
    if (!found->second.restored) {
      return Status::Internal("state '" + descriptor.name + "' is opened twice");
    }
    CASTOR_RETURN_NOT_OK(CheckRestored(found->second, kind, descriptor));
    found->second.restored = false;
    found->second.descriptor = descriptor;
    return static_cast<Interface*>(static_cast<State*>(found->second.state.get()));
  }
  CASTOR_ASSIGN_OR_RETURN(auto state, MakeState(kind, context_, descriptor));
  Interface* pointer = static_cast<State*>(state.get());
  states_[descriptor.name] = Entry{kind, descriptor, std::move(state)};
  return pointer;
}

Status MemoryStore::Restore(const StoredState& stored) {
  Entry* current = nullptr;
  SnapshotVisitor visitor;
  visitor.on_state = [&](StateKind kind, const StateDescriptor& descriptor) -> Status {
    const auto found = states_.find(descriptor.name);
    if (found != states_.end()) {
      current = &found->second;
      return CheckRestored(*current, kind, descriptor);
    }
    CASTOR_ASSIGN_OR_RETURN(auto state, MakeState(kind, context_, descriptor));
    current = &(states_[descriptor.name] = Entry{kind, descriptor, std::move(state), true});
    return Status::OK();
  };
  visitor.on_block = [&](int32_t, uint32_t entries, BlockReader& in) -> Status {
    if (current == nullptr) return Status::Corruption("state snapshot: a block without its state");
    const MemoryAccount& account = MemoryAccount::State();
    if (account.used() > account.limit())
      return Status::ResourceExhausted("no room for more state");
    return current->state->Load(entries, &in);
  };
  return DecodeSnapshot(stored.bytes, context_.range, context_.max_parallelism, visitor);
}

}  // namespace

std::unique_ptr<SnapshottableStore> MakeStore(std::string operator_name, KeyGroupRange range,
                                              int32_t max_parallelism, const Clock& clock,
                                              StoreHost) {
  return MakeMemoryStore(std::move(operator_name), range, max_parallelism, clock);
}

std::unique_ptr<SnapshottableStore> MakeMemoryStore(std::string operator_name, KeyGroupRange range,
                                                    int32_t max_parallelism, const Clock& clock) {
  return std::make_unique<MemoryStore>(std::move(operator_name), range, max_parallelism, clock);
}

}  // namespace castor::state
