// A text put together piece by piece in a string arena. One at a time per arena; not thread-safe.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "column/string_arena.h"

namespace castor::expr {

class ArenaText {
 public:
  // `size`: how much to make room for at first; it grows as needed.
  ArenaText(StringArena* arena, size_t size)
      : arena_(arena), begin_(arena->Reserve(size)), next_(begin_), end_(begin_ + size) {}

  void Append(std::string_view piece) {
    if (static_cast<size_t>(end_ - next_) < piece.size()) Grow(piece.size());
    // Pieces are mostly few bytes, sooner copied than a call is made.
    if (piece.size() < kFewBytes) {
      for (size_t i = 0; i < piece.size(); ++i) next_[i] = piece[i];
    } else {
      std::memcpy(next_, piece.data(), piece.size());
    }
    next_ += piece.size();
  }

  // The text; the arena is free for others then.
  StringRef Finish() {
    const StringRef text(begin_, static_cast<uint32_t>(next_ - begin_));
    arena_->Shrink(text.is_inline() ? begin_ : next_);
    return text;
  }

 private:
  static constexpr size_t kFewBytes = 8;

  void Grow(size_t more) {
    const auto used = static_cast<size_t>(next_ - begin_);
    const size_t size = 2 * (used + more);
    arena_->Shrink(begin_);
    char* const begin = arena_->Reserve(size);
    if (used > 0) std::memmove(begin, begin_, used);
    begin_ = begin;
    next_ = begin + used;
    end_ = begin + size;
  }

  StringArena* const arena_;
  char* begin_;
  char* next_;
  char* end_;
};

}  // namespace castor::expr
