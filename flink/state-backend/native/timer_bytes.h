// How a timer, bytes that begin with their time, stands in a table of timers: the bytes are the
// user key. What is shorter than a time is padded with zeros, and the key says with how many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gemini/memory/timer_table.h"
#include "gemini/memory/views.h"

namespace castor::flink {

class TimerBytes {
 public:
  static constexpr size_t kTimeBytes = sizeof(int64_t);

  explicit TimerBytes(std::string_view timer) {
    view_ = {0, 0, {}, {}};
    if (timer.size() < kTimeBytes) {
      padding_ = static_cast<char>(kTimeBytes - timer.size());
      padded_.assign(timer).resize(kTimeBytes);
      view_.key = {&padding_, 1};
      timer = padded_;
    }
    gemini::TimerTable::ParseUserKey(timer, &view_);
  }
  TimerBytes(const TimerBytes&) = delete;
  TimerBytes& operator=(const TimerBytes&) = delete;

  // As the table takes it, with this hash. Valid as long as this and the timer are.
  gemini::TimerView View(uint32_t hash) {
    view_.key_hash = hash;
    return view_;
  }
  // What belongs to its hash: all but the time.
  std::string_view hashed() const { return view_.name_space; }

  // The timer, of its key and user key.
  static std::string_view Of(std::string_view key, std::string_view user_key) {
    if (!key.empty()) user_key.remove_suffix(static_cast<unsigned char>(key[0]));
    return user_key;
  }

 private:
  gemini::TimerView view_;
  std::string padded_;
  char padding_ = 0;
};

}  // namespace castor::flink
