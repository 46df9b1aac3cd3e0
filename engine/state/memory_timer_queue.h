// TimerQueue as one set of (key, namespace) per time: registering and deleting are hash operations,
// popping takes whole times in order.
#pragma once

#include "state/memory_state.h"
#include "state/memory_window_state.h"

namespace castor::state {

class MemoryTimerQueue final : public TimerQueue, public MemoryState, private CutObserver {
 public:
  explicit MemoryTimerQueue(const StoreContext& context);

  void Register(TimestampMs time, std::string_view key, int32_t key_hash,
                std::string_view name_space) override;
  void Delete(TimestampMs time, std::string_view key, int32_t key_hash,
              std::string_view name_space) override;
  TimestampMs NextTime() const override;
  void PopDue(TimestampMs until, size_t max, std::vector<Timer>* due) override;

  void StartCut(CutSection* section) override;
  bool ContinueCut(int records) override { return times_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override;

 private:
  void Save(const RecordTable& table, const std::byte* record) override;
  std::string_view Compose(std::string_view key, std::string_view name_space);

  const int32_t max_parallelism_;
  WindowTables times_;
  std::string scratch_;
  CutSection* section_ = nullptr;  // of the cut on its way
};

}  // namespace castor::state
