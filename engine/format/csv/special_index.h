// Where in a text any of a few bytes stand: a vectorised search, 32 bytes at a time.
//
// The text must be followed by kBlockPadding readable bytes. One thread; positions stay valid until
// the next Build.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace castor::format::csv {

class SpecialIndex {
 public:
  static constexpr int kMaxBytes = 5;

  // At most kMaxBytes.
  explicit SpecialIndex(std::string_view bytes);

  void Build(std::string_view text);

  // Ascending offsets, ended by two that are the size of the text.
  const uint32_t* positions() const { return positions_.data(); }

 private:
  char bytes_[kMaxBytes];  // unused ones repeat the first
  std::vector<uint32_t> positions_;
};

}  // namespace castor::format::csv
