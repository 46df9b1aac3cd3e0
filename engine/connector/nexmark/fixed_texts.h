// The texts that all events of a stream share: the pool that extras are cut from, channels, URLs,
// names, cities, states (spec/nexmark.md, sections 6 and 7). They live in one buffer, so that
// string columns refer to them instead of copying. Built once per source; immutable, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "column/buffer.h"
#include "column/string_ref.h"
#include "connector/nexmark/draws.h"

namespace castor::connector::nexmark {

class FixedTexts {
 public:
  static constexpr uint64_t kHotChannels = 4;
  static constexpr uint64_t kChannels = 10'000;
  static constexpr uint64_t kFirstNames = 11;
  static constexpr uint64_t kLastNames = 9;
  static constexpr uint64_t kCities = 10;
  static constexpr uint64_t kStates = 6;

  // `longest_extra`: the longest piece that is ever asked of the pool.
  FixedTexts(const Draws& draws, int64_t longest_extra);

  // Keeps everything below alive.
  const BufferPtr& buffer() const { return buffer_; }

  const StringRef* channels() const { return channels_.data(); }  // by slot
  const StringRef* urls() const { return urls_.data(); }
  const StringRef* names() const { return names_.data(); }  // first * kLastNames + last
  const StringRef* cities() const { return cities_.data(); }
  const StringRef* states() const { return states_.data(); }
  // The piece of the pool that starts at the low 16 bits of `offset`.
  StringRef Extra(uint64_t offset, uint64_t length) const {
    return {buffer_->as<char>() + (offset & 0xFFFF), static_cast<uint32_t>(length)};
  }

 private:
  BufferPtr buffer_;  // the pool first
  std::vector<StringRef> channels_, urls_, names_, cities_, states_;
};

// The character for a 16-bit lane of a word (section 5): one in 13 is `special`.
inline char LetterOf(uint64_t lane16, char special) {
  // The 169 cuts of a lane; 0 stands for the special character.
  static constexpr std::array<char, 169> kLetters = [] {
    std::array<char, 169> letters{};
    for (size_t v = 13; v < letters.size(); ++v) letters[v] = static_cast<char>('a' + (v - 13) / 6);
    return letters;
  }();
  const char letter = kLetters[lane16 * kLetters.size() >> 16];
  return letter == 0 ? special : letter;
}

}  // namespace castor::connector::nexmark
