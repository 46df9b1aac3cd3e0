// A 64-byte aligned block of memory shared by columns, charged to the buffers' memory account.
//
// Reference counted; immutable once it is shared between threads. Padded to a multiple of 64 bytes
// whose tail may be read (never relied on), so that kernels may load whole vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace castor {

class Buffer;
using BufferPtr = std::shared_ptr<Buffer>;

class Buffer {
 public:
  static BufferPtr Allocate(size_t bytes);
  static BufferPtr AllocateZeroed(size_t bytes);
  // Memory owned by something else (Arrow, a mapped file), kept alive by `owner`; not charged here.
  static BufferPtr Wrap(const void* data, size_t bytes, std::shared_ptr<const void> owner);

  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  size_t size() const { return size_; }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  template <typename T>
  T* as() {
    return reinterpret_cast<T*>(data_);
  }
  template <typename T>
  const T* as() const {
    return reinterpret_cast<const T*>(data_);
  }

 private:
  Buffer(uint8_t* data, size_t size, std::shared_ptr<const void> owner)
      : data_(data), size_(size), owner_(std::move(owner)) {}

  uint8_t* const data_;
  const size_t size_;
  const std::shared_ptr<const void> owner_;  // null: this buffer owns and frees `data_`
};

}  // namespace castor
