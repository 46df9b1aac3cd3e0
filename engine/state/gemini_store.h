// The keyed state of an operator instance as an instance of Gemini: opens states as its tables,
// restores them, cuts it.
//
// The instance is opened with the first state, when all that is to be restored is known. Not
// thread-safe: the owner's thread alone; before that, one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "gemini/store/store.h"
#include "state/gemini_cut.h"
#include "state/gemini_metrics.h"
#include "state/snapshot.h"
#include "state/state_schema.h"

namespace castor::state {

class GeminiStore final : public SnapshottableStore {
 public:
  GeminiStore(std::string operator_name, KeyGroupRange range, int32_t max_parallelism,
              const Clock& clock, StoreHost host);
  ~GeminiStore() override;

  Result<ValueState*> OpenValue(const StateDescriptor& descriptor) override;
  Result<MapState*> OpenMap(const StateDescriptor& descriptor) override;
  Result<ListState*> OpenList(const StateDescriptor& descriptor) override;
  Result<WindowState*> OpenWindow(const StateDescriptor& descriptor) override;
  Result<WindowListState*> OpenWindowList(const StateDescriptor& descriptor) override;
  Result<TimerQueue*> OpenTimers(const std::string& name) override;

  int64_t ByteSize() const override { return store_ == nullptr ? 0 : store_->charged_bytes(); }
  bool HasStates() const override { return !states_.empty() || !restored_.empty(); }

  bool MayCut() override;
  Result<std::unique_ptr<StateCut>> Cut(SnapshotFormat format) override;
  Work Maintain(bool at_rest, std::chrono::nanoseconds budget) override;
  bool OverBudget() const override { return store_ != nullptr && store_->OverBudget(); }
  bool MustWait() const override { return store_ != nullptr && store_->MustWait(); }
  Status Restore(const StoredState& stored) override;

 private:
  using AnyState = std::variant<std::unique_ptr<ValueState>, std::unique_ptr<MapState>,
                                std::unique_ptr<ListState>, std::unique_ptr<WindowState>,
                                std::unique_ptr<WindowListState>, std::unique_ptr<TimerQueue>>;
  struct Entry {
    DescribedState described;
    AnyState state;
    std::variant<gemini::RecordTable*, gemini::EntryTable*, gemini::WindowListTable*,
                 gemini::TimerTable*>
        table;
    bool opened = false;  // by the job, and not just restored
  };

  template <typename Interface>
  Result<Interface*> Open(DescribedState wanted);
  Status EnsureStore();
  Status CheckAgainstRestored(const DescribedState& wanted) const;
  Result<Entry*> Find(const DescribedState& wanted);
  Status Make(Entry* entry);
  void SetTtl(Entry* entry, int64_t ttl_ms);
  void TakeCheckpoint();
  void TellMetrics(std::chrono::steady_clock::time_point now);

  // Canonical snapshots.
  Status RestoreCanonical(std::string_view bytes);
  Status Load(Entry* entry, uint32_t entries, BlockReader* in);
  Status LoadOne(Entry* entry, BlockReader* in);
  template <typename Table>
  Status LoadRecord(Table* table, const RecordLayout& layout, std::byte* record, BlockReader* in);
  template <typename Acquire>
  Status Await(const Acquire& acquire);

  const std::string operator_name_;
  const KeyGroupRange range_;
  const int32_t max_parallelism_;
  const Clock& clock_;
  const StoreHost host_;
  std::vector<gemini::Checkpoint> restored_;
  std::unique_ptr<gemini::Store> store_;
  GeminiMetrics metrics_;
  std::chrono::steady_clock::time_point tells_at_;  // next
  std::map<std::string, Entry> states_;
  std::shared_ptr<PendingCut> cut_;  // on its way
};

}  // namespace castor::state
