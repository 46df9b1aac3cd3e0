// The memory through which one thread of Java and an instance hand bytes to each other: a request
// from its begin, an answer from its begin. Java sees it as a direct buffer, and asks for that
// again when an answer is larger than the one it has. Of the owner's thread, but for the capacity.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace castor::flink {

class Exchange {
 public:
  char* data() { return bytes_.get(); }
  size_t capacity() const { return capacity_; }
  std::string_view At(size_t offset, size_t size) const { return {bytes_.get() + offset, size}; }

  // Of exactly so many bytes, with what fits of the old ones.
  void Resize(size_t bytes) {
    auto resized = std::make_unique_for_overwrite<char[]>(bytes);
    if (capacity_ > 0) std::memcpy(resized.get(), bytes_.get(), std::min(bytes, capacity()));
    bytes_ = std::move(resized);
    capacity_ = bytes;
  }
  // For an answer.
  void Reserve(size_t bytes) {
    if (bytes > capacity_) Resize(std::max(bytes, 2 * capacity()));
  }
  // Room for more; `*size` bytes are there already.
  char* Extend(size_t bytes, size_t* size) {
    Reserve(*size + bytes);
    return bytes_.get() + std::exchange(*size, *size + bytes);
  }
  void Append(std::string_view bytes, size_t* size) {
    bytes.copy(Extend(bytes.size(), size), bytes.size());
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::atomic<size_t> capacity_{0};
};

}  // namespace castor::flink
