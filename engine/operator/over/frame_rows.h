// The rows of frames that have a beginning, in state under ascending numbers until they fall out.
//
// A batch goes through three steps: `Load` reads what may fall out, `Advance` moves the frames from
// row to row in memory, `Store` writes the rows that stay and removes those that do not. State is
// read and written for all rows of a batch at once. Single-threaded.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "state/distinct_records.h"
#include "state/keyed_state.h"

namespace castor::over {

// A row that ends a frame. Rows of the same key and time follow each other.
struct FrameRow {
  int32_t key_row;  // of the keys given
  std::string_view bytes;
  TimestampMs time;
};

// What a partition's record begins with: numbers of the first row that is kept and of the next one.
struct Frame {
  uint64_t first;
  uint64_t end;
};

class FrameRows {
 public:
  // A frame reaches `preceding` rows back, or (`by_time`) so many milliseconds.
  FrameRows(bool by_time, int64_t preceding) : by_time_(by_time), preceding_(preceding) {}

  Status Open(state::KeyedStateStore& store, const std::string& row_schema);

  // records[j] is that of keys.key(j), acquired, and begins with its Frame. After kPending, to be
  // repeated with the same arguments, as is `Store`.
  Result<state::Readiness> Load(const state::KeyBatch& keys, const std::vector<FrameRow>& rows,
                                std::span<std::byte* const> records);
  // Lets row `i` into its frame, when taken(bytes) has been called for each row that falls out. For
  // all rows in order.
  template <typename Taken>
  void Advance(size_t i, Taken&& taken) {
    Partition& partition = PartitionOf(i);
    while (FallsOut(partition, (*rows_)[i])) taken(TakeFirst(&partition));
    ++partition.frame->end;
  }
  Result<state::Readiness> Store(const state::KeyBatch& keys);

  void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) {
    kept_->Clear(keys, rows);
  }

 private:
  static constexpr int32_t kNone = -1;

  struct Partition {
    Frame* frame;
    int32_t key_row;
    uint64_t loaded_end;   // the rows from frame->first up to here have been read
    uint64_t stored_end;   // and this is where those in state end
    int32_t first_loaded;  // in `loaded_`, or kNone
    int32_t last_loaded;
    int32_t first_own;  // of the rows given, the first one in the frame or to come
    int32_t last_own;
    int32_t own_rows;
    uint64_t next_read;  // how many rows to read next
  };
  struct LoadedRow {
    TimestampMs time;
    size_t offset;  // of its bytes
    size_t size;
    int32_t next;  // of the same partition
  };
  // A row in state, to be read or removed.
  struct Address {
    int32_t key_row;
    uint64_t number;
    int32_t partition;
  };

  Partition& PartitionOf(size_t row) {
    return partitions_[static_cast<size_t>(distinct_.entries()[row])];
  }
  void FindPartitions(std::span<std::byte* const> records);
  // Lists in `reads_` what is to be read next, and how much more it is for the next time.
  void PlanReads();
  uint64_t FirstRead(const Partition& partition) const;
  bool NeedsMore(const Partition& partition) const;
  void KeepLoaded();
  bool FallsOut(const Partition& partition, const FrameRow& row) const;
  TimestampMs FirstTime(const Partition& partition) const;
  std::string_view TakeFirst(Partition* partition);
  void ListStaying();
  static void Name(const std::vector<Address>& addresses, std::vector<int32_t>* key_rows,
                   std::vector<std::string_view>* user_keys);

  const bool by_time_;
  const int64_t preceding_;
  state::MapState* kept_ = nullptr;  // number -> row

  // Of the batch at hand.
  bool loading_ = false;
  bool storing_ = false;
  const std::vector<FrameRow>* rows_ = nullptr;
  state::DistinctRecords distinct_;
  std::vector<Partition> partitions_;
  std::vector<std::byte*> row_records_;
  std::vector<int32_t> next_own_;  // per row: the next one of its partition
  std::vector<LoadedRow> loaded_;
  std::string loaded_bytes_;
  std::vector<Address> reads_;
  std::vector<Address> gone_;
  std::vector<Address> staying_;
  std::vector<int32_t> staying_rows_;
  std::vector<int32_t> key_rows_;
  std::vector<std::string_view> user_keys_;
  std::vector<std::byte*> records_;
};

}  // namespace castor::over
