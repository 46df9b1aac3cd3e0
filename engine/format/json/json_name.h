// The name of a member as it mostly stands in a record, `"name":` without white space or needless
// escapes, compared a word at a time. Immutable.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/json_string.h"
#include "format/api/format.h"

namespace castor::format::json {

class JsonName {
 public:
  explicit JsonName(std::string_view name) {
    AppendJsonString(name, HexCase::kUpper, &text_);
    text_ += ':';
    const size_t head = std::min(text_.size(), sizeof(head_));
    std::memcpy(&head_, text_.data(), head);
    std::memset(&head_mask_, 0xff, head);
    if (text_.size() > sizeof(tail_)) std::memcpy(&tail_, TailOf(text_.data()), sizeof(tail_));
  }

  size_t size() const { return text_.size(); }

  // Whether the name stands at `at`, where kBlockPadding bytes are readable: longer names are never
  // found. A name holds no line end.
  bool StandsAt(const char* at) const {
    if ((Load(at) & head_mask_) != head_) return false;
    if (size() <= sizeof(head_)) return true;
    if (size() > kBlockPadding || Load(TailOf(at)) != tail_) return false;
    return size() <= 2 * sizeof(head_) || std::memcmp(at, text_.data(), size()) == 0;
  }

 private:
  static uint64_t Load(const char* at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  // The last 8 bytes of a text of this size.
  const char* TailOf(const char* text) const { return text + size() - sizeof(tail_); }

  std::string text_;
  uint64_t head_ = 0;  // the first 8 bytes, or all of them and zeros
  uint64_t head_mask_ = 0;
  uint64_t tail_ = 0;
};

}  // namespace castor::format::json
