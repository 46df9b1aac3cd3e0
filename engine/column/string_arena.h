// Where kernels and readers put the bytes of strings they make: chunks that end up as string
// buffers of a column. Not thread-safe; used for one column at a time, then `Finish` hands the
// chunks over.
#pragma once

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "column/buffer.h"
#include "column/column.h"
#include "column/string_ref.h"

namespace castor {

class StringArena {
 public:
  explicit StringArena(size_t chunk_bytes = 16 * 1024) : chunk_bytes_(chunk_bytes) {}

  // Room for `size` bytes that stay where they are until the column dies. To be followed by
  // `Shrink` when fewer were needed.
  char* Reserve(size_t size) {
    if (size > static_cast<size_t>(end_ - next_)) NewChunk(size);
    char* start = next_;
    next_ += size;
    return start;
  }
  // Gives back the tail of the latest reservation: the next one starts at `end`.
  void Shrink(char* end) { next_ = end; }

  // A reference to a copy of `text`; short text goes inline and takes no room here.
  StringRef Add(std::string_view text) {
    const auto size = static_cast<uint32_t>(text.size());
    if (size <= StringRef::kInlineSize) return StringRef(text.data(), size);
    char* target = Reserve(size);
    std::memcpy(target, text.data(), size);
    return StringRef(target, size);
  }

  // Hands all chunks to `column`; the arena is empty afterwards.
  void Finish(Column* column) {
    for (BufferPtr& chunk : chunks_) column->AddStringBuffer(std::move(chunk));
    chunks_.clear();
    next_ = end_ = nullptr;
  }

 private:
  void NewChunk(size_t at_least) {
    const size_t bytes = at_least > chunk_bytes_ ? at_least : chunk_bytes_;
    chunks_.push_back(Buffer::Allocate(bytes));
    next_ = chunks_.back()->as<char>();
    end_ = next_ + bytes;
  }

  const size_t chunk_bytes_;
  std::vector<BufferPtr> chunks_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace castor
