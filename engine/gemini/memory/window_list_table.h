// Rows appended to the keys of windows, as far as they are in memory: by the batch, walked when the
// window fires, dropped with it.
//
// A window is a log: rows stand in *segments* in the order of appending, which are records of the
// tier, so that they are saved, evicted and charged as others are. A row does not change, so that a
// segment saves what has come since it was last saved. An index of the window leads to the rows of
// each key.
//
// Rows are numbered, by the window; a number is the row's user key in runs, which is how appending
// need not read. In runs a window is a section, so that dropping it is dropping the section.
//
// As soon as a segment has left memory the window is not *whole*: it has no index any more, and
// appending only adds to its log. It is read back in one piece when it is to be walked, and is
// *held* from then on: it stays in memory, and what was found where it is, until it is dropped. So
// windows that wait leave memory, and the one that fires does not.
//
// Windows of which runs hold anything are always known. Not thread-safe: the owner's thread alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gemini/memory/keys.h"
#include "gemini/memory/logged_row.h"
#include "gemini/memory/record_index.h"
#include "gemini/memory/record_owner.h"
#include "gemini/memory/views.h"
#include "gemini/run/run_format.h"

namespace castor::gemini {

class MemoryTier;

struct WindowListOptions {
  uint32_t table = 0;
  // Told in errors, and compared at restore.
  std::string name = {};
  std::string schema = {};
};

// What runs hold of a window, in their order: by key, then by number.
struct StoredRows {
  struct Row {
    uint64_t number;
    uint32_t hash;
    uint32_t key_size;
    uint32_t row_size;
  };
  std::vector<Row> rows;
  std::string bytes;  // key and row of each

  void Add(uint32_t hash, std::string_view key, uint64_t number, std::string_view row);
  // Visits each row with key and bytes.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    const char* at = bytes.data();
    for (const Row& row : rows) {
      visit(row, std::string_view(at, row.key_size),
            std::string_view(at + row.key_size, row.row_size));
      at += row.key_size + row.row_size;
    }
  }
};

class WindowListTable final : public RecordOwner {
 public:
  static constexpr uint64_t kEnd = UINT64_MAX;
  static constexpr size_t kNumberBytes = sizeof(uint64_t);  // big-endian, in a run

  // By MemoryTier::AddWindowListTable.
  WindowListTable(MemoryTier* tier, uint16_t number, WindowListOptions options);
  ~WindowListTable() override;

  // rows[i], of less than 2 GiB, becomes the last of keys.key(i) in windows[i].
  void Append(std::span<const int64_t> windows, const Keys& keys,
              std::span<const std::string_view> rows);
  // Those that have rows, ascending; perhaps some of which the rows are another instance's.
  std::vector<int64_t> Windows() const;
  // Its rows are gone, all at once, whatever their number.
  void Drop(int64_t window);

  // Holds the window from now on. False: it has to be loaded first.
  bool Hold(int64_t window);
  // Of a window that is held. handles[i] stands for the rows of keys.key(i); 0: there are none.
  // Handles are valid until the window is appended to or dropped; keys and rows until it is
  // dropped.
  void Locate(int64_t window, const Keys& keys, std::vector<uint64_t>* handles);
  // Of a window that is held: appends up to `most` keys to `*page`. `cursor` is 0 at the start, and
  // kEnd at last.
  void WalkKeys(int64_t window, uint64_t* cursor, size_t most, std::vector<WindowKey>* page) const;
  // The same for the rows of a key, in the order of appending.
  static void WalkRows(uint64_t handle, uint64_t* cursor, size_t most,
                       std::vector<std::string_view>* page);

  // Runs hold rows of the window.
  void AddColdWindow(int64_t window);
  // All that runs hold of a window; nothing if it is whole, or has been dropped meanwhile.
  void Load(int64_t window, const StoredRows& rows);

  const WindowListOptions& options() const { return options_; }
  // Above the number of every row.
  uint64_t next_number() const override { return next_number_; }
  void NumberFrom(uint64_t next) { first_number_ = next_number_ = next; }
  int64_t index_bytes() const override { return index_bytes_; }

 private:
  struct Window {
    Window(int64_t of, uint64_t first_number) : time(of), next_number(first_number) {
      index.emplace(0);
    }
    const int64_t time;
    uint64_t next_number;
    std::optional<RecordIndex> index;  // of the last rows of keys; none: not whole
    int64_t index_bytes = 0;           // as they have been counted
    std::vector<std::byte*> segments;
    std::byte* open = nullptr;  // the segment that takes rows
    bool held = false;
    bool dropped = false;
    uint32_t cut = 0;  // dropped while this one was being saved; 0: while none was
  };
  // The payload of a record; rows follow.
  struct Segment {
    Window* window;
    uint64_t first_number;  // the rows of one that was not loaded have the next ones
    uint32_t capacity;
    uint32_t size;
    uint32_t rows;
    uint32_t saved_size;  // what runs have, or are getting
    uint32_t saved_rows;
    uint32_t place;  // among those of the window
  };
  struct NumberedRow {
    uint64_t number;
    LoggedRow* row;
  };
  static constexpr size_t kRowsOffset = sizeof(RecordHeader) + sizeof(Segment);
  static_assert(kRowsOffset % 8 == 0);

  static Segment* SegmentOf(std::byte* record) {
    return reinterpret_cast<Segment*>(record + sizeof(RecordHeader));
  }
  // Visits rows of a segment from an offset on until `visit` returns false.
  template <typename Visit>
  static void ForEachRow(std::byte* record, uint32_t from, const Visit& visit) {
    const Segment* segment = SegmentOf(record);
    for (uint32_t at = from; at < segment->size;) {
      auto* row = reinterpret_cast<LoggedRow*>(record + kRowsOffset + at);
      at += static_cast<uint32_t>(row->bytes());
      if (!visit(row, at)) return;
    }
  }

  Window* Find(int64_t window) const;
  Window* FindOrAdd(int64_t window);
  std::byte* AddSegment(Window* window, size_t bytes, uint8_t flags);
  void RemoveSegment(Window* window, std::byte* record);
  LoggedRow* Write(std::byte* record, uint32_t hash, std::string_view key, std::string_view row);
  LoggedRow* Log(Window* window, uint32_t hash, std::string_view key, std::string_view row);
  // The index has been reserved.
  static void Link(RecordIndex* index, LoggedRow* row);
  // Makes the index: of rows loaded, in their order, and those of segments, in the order of
  // numbers.
  static void LinkAll(Window* window, std::vector<NumberedRow> loaded,
                      std::span<std::byte* const> logged);
  void DropIndex(Window* window);
  void CountIndex(Window* window);
  // Whether what has been dropped says nothing to any cut.
  bool Outdated(const Window& window) const;

  // For the tier.
  void Save(std::byte* record, EntryBuffer* buffer) override;
  void NotSaved(std::byte* record) override;
  std::byte* SavedBefore(std::byte*) override { return nullptr; }
  void Evict(std::byte* record) override;
  bool Move(std::byte* record) override;
  void Tidy(std::byte*, int64_t, bool) override {}
  bool FreeSome(size_t records) override;

  MemoryTier* const tier_;
  const uint16_t number_;
  const WindowListOptions options_;
  std::map<int64_t, std::unique_ptr<Window>> windows_;
  std::vector<std::unique_ptr<Window>> dropped_;  // whose segments are being freed
  uint64_t first_number_ = 0;                     // of windows that are new
  uint64_t next_number_ = 0;
  int64_t index_bytes_ = 0;
};

}  // namespace castor::gemini
