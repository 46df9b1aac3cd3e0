// WindowState and WindowListState: one table per open window, dropped whole.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "state/arena.h"
#include "state/memory_state.h"
#include "state/record_io.h"
#include "state/record_table.h"

namespace castor::state {

// The open windows and their tables. Rows of a batch mostly fall into few windows, so they are
// looked up in one pass over the table per distinct window.
class WindowTables {
 public:
  WindowTables(SegmentPool* pool, int32_t payload_size)
      : pool_(pool), payload_size_(payload_size) {}
  ~WindowTables();
  WindowTables(const WindowTables&) = delete;
  WindowTables& operator=(const WindowTables&) = delete;

  void Lookup(std::span<const TimestampMs> windows, const KeyBatch& keys, AccessMode mode,
              std::byte** records, uint8_t* created);
  RecordTable* Find(TimestampMs window) const;
  RecordTable* FindOrCreate(TimestampMs window);
  // `release` is called with the table before that goes: at once, or when the cut on its way has
  // seen all of it.
  using Release = std::function<void(const RecordTable&)>;
  void Drop(TimestampMs window, Release release = nullptr);
  std::vector<TimestampMs> Windows() const;
  const std::map<TimestampMs, std::unique_ptr<RecordTable>>& tables() const { return tables_; }

  // As of RecordTable, over all windows; a table's label is its window.
  void StartCut(CutObserver* observer);
  bool ContinueCut(int records);

 private:
  struct Dropped {
    std::unique_ptr<RecordTable> table;
    Release release;
  };
  static void Let(Dropped* dropped);

  // For a window that is about to be filled: its like had as many records as the one dropped last.
  RecordTable* OpenLikeDropped(TimestampMs window);
  void LookupOne(TimestampMs window, const KeyBatch& keys, AccessMode mode, std::byte** records,
                 uint8_t* created);

  SegmentPool* const pool_;
  const int32_t payload_size_;
  std::map<TimestampMs, std::unique_ptr<RecordTable>> tables_;
  int64_t dropped_size_ = 0;                // of the window dropped last
  std::vector<Dropped> dropped_;            // that the cut on its way has not seen all of
  TimestampMs cut_window_ = kMinTimestamp;  // the cut has seen all windows before it
  // Scratch of one Lookup.
  std::vector<int32_t> rows_;
  std::vector<uint8_t> done_;
  std::vector<std::byte*> found_;
  std::vector<uint8_t> found_created_;
};

class MemoryWindowState final : public WindowState, public MemoryState, private CutObserver {
 public:
  MemoryWindowState(const StoreContext& context, const StateDescriptor& descriptor);
  ~MemoryWindowState() override;

  Result<Readiness> Acquire(std::span<const TimestampMs> windows, const KeyBatch& keys,
                            AccessMode mode, std::byte** records, uint8_t* created) override;
  void Release() override {}
  std::vector<TimestampMs> Windows() const override { return tables_.Windows(); }
  Result<Readiness> Scan(TimestampMs window, uint64_t* cursor, size_t max_records,
                         std::vector<Record>* page) override;
  void Drop(TimestampMs window) override;
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return RecordIo::SetBlob(blob, bytes);
  }
  void StartCut(CutSection* section) override;
  bool ContinueCut(int records) override { return tables_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override;

 private:
  void Save(const RecordTable& table, const std::byte* record) override;
  void FreeBlobs(const RecordTable& table);

  const int32_t max_parallelism_;
  const RecordIo io_;
  WindowTables tables_;
  CutSection* section_ = nullptr;  // of the cut on its way
};

// The rows of a window stand in its arena, those of a key as a linked list: a window is dropped
// without a look at its rows.
class MemoryWindowListState final : public WindowListState,
                                    public MemoryState,
                                    private CutObserver {
 public:
  MemoryWindowListState(const StoreContext& context, const StateDescriptor& descriptor);

  Status Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                std::span<const std::string_view> values) override;
  std::vector<TimestampMs> Windows() const override { return tables_.Windows(); }
  Result<Readiness> Keys(TimestampMs window, uint64_t* cursor, size_t max_keys,
                         std::vector<Key>* page) override;
  Result<Readiness> Locate(TimestampMs window, const KeyBatch& keys,
                           std::vector<uint64_t>* handles) override;
  Result<Readiness> Values(uint64_t handle, uint64_t* cursor, size_t max_values,
                           std::vector<std::string_view>* page) override;
  void Drop(TimestampMs window) override;
  void StartCut(CutSection* section) override;
  bool ContinueCut(int records) override { return tables_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override;

 private:
  struct Row {
    Row* next;
    uint64_t size;
    std::string_view bytes() const { return {reinterpret_cast<const char*>(this + 1), size}; }
  };
  // A key's record: zero bytes are the empty list.
  struct List {
    Row* first;
    Row* last;
  };
  static_assert(sizeof(List) == 16);

  void Save(const RecordTable& table, const std::byte* record) override;
  Arena* ArenaOf(TimestampMs window);
  static void AppendTo(List* list, std::string_view bytes, Arena* arena);

  const int32_t max_parallelism_;
  SegmentPool* const pool_;
  std::map<TimestampMs, Arena> arenas_;
  WindowTables tables_;
  CutSection* section_ = nullptr;  // of the cut on its way
  std::vector<std::byte*> records_;
  std::vector<int32_t> all_rows_;  // 0, 1, 2 ...
};

}  // namespace castor::state
