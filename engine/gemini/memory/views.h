// What tables hand out: entries that are walked, timers that are due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace castor::gemini {

struct EntryView {
  std::string_view key;  // the user key, the element of a list, or the key in a window
  std::byte* data;       // the payload
};

// How windows, and what runs say of the keys in them, are handed to an EntryTable.
struct WindowRow {
  static constexpr size_t kHashBytes = sizeof(uint32_t);

  static std::string_view KeyOf(const int64_t& window) {
    return {reinterpret_cast<const char*>(&window), sizeof(window)};
  }
  static uint32_t HashOf(int64_t window);
  static int64_t WindowOf(std::string_view key);
  static void Append(uint32_t key_hash, std::string_view key, std::string* out);
  // Of the key of a record of a window that is walked.
  static uint32_t KeyHashOf(const EntryView& record);
};

// A key of a window of rows; `handle` stands for its rows.
struct WindowKey {
  std::string_view bytes;
  uint32_t hash;
  uint64_t handle;
};

struct TimerView {
  int64_t time;
  uint32_t key_hash;
  std::string_view key;
  std::string_view name_space;
};

// Timers that have been popped; views hold until it is changed.
class TimerPage {
 public:
  void Clear();
  void Add(const TimerView& timer);
  size_t size() const { return timers_.size(); }
  bool empty() const { return timers_.empty(); }
  TimerView operator[](size_t i) const;

 private:
  struct Timer {
    int64_t time;
    uint32_t key_hash;
    uint32_t begin, key_bytes, name_space_bytes;
  };
  std::vector<Timer> timers_;
  std::string bytes_;
};

}  // namespace castor::gemini
