// ValueState over one RecordTable.
#pragma once

#include <numeric>

#include "state/memory_state.h"
#include "state/record_io.h"
#include "state/record_table.h"

namespace castor::state {

class MemoryValueState final : public ValueState, public MemoryState, private CutObserver {
 public:
  MemoryValueState(const StoreContext& context, const StateDescriptor& descriptor);
  ~MemoryValueState() override;

  Result<Readiness> Acquire(const KeyBatch& keys, AccessMode mode, std::byte** records,
                            uint8_t* created) override;
  void Release() override {}
  void Erase(const KeyBatch& keys, std::span<const int32_t> rows) override;
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return RecordIo::SetBlob(blob, bytes);
  }

  void StartCut(CutSection* section) override;
  bool ContinueCut(int records) override { return table_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override;

 private:
  void Save(const RecordTable& table, const std::byte* record) override;
  void ApplyExpiry(AccessMode mode, std::span<std::byte*> records, uint8_t* created);
  void SweepExpired();

  const int32_t max_parallelism_;
  const Expiry expiry_;
  const RecordIo io_;
  RecordTable table_;
  std::vector<int32_t> all_rows_;  // 0, 1, 2 ...
  std::vector<uint8_t> created_scratch_;
  uint64_t sweep_cursor_ = 0;
  CutSection* section_ = nullptr;  // of the cut on its way
  TimestampMs cut_time_ = 0;
};

}  // namespace castor::state
