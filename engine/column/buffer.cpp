#include "column/buffer.h"

#include <cstdlib>
#include <cstring>
#include <new>

#include "base/memory.h"

namespace castor {
namespace {

constexpr size_t kAlignment = 64;

size_t Padded(size_t bytes) { return (bytes + kAlignment) / kAlignment * kAlignment; }

}  // namespace

BufferPtr Buffer::Allocate(size_t bytes) {
  void* data = std::aligned_alloc(kAlignment, Padded(bytes));
  if (data == nullptr) throw std::bad_alloc();
  MemoryAccount::Buffers().Charge(static_cast<int64_t>(Padded(bytes)));
  return BufferPtr(new Buffer(static_cast<uint8_t*>(data), bytes, nullptr));
}

BufferPtr Buffer::AllocateZeroed(size_t bytes) {
  BufferPtr buffer = Allocate(bytes);
  std::memset(buffer->data_, 0, Padded(bytes));
  return buffer;
}

BufferPtr Buffer::Wrap(const void* data, size_t bytes, std::shared_ptr<const void> owner) {
  auto* bytes_data = static_cast<uint8_t*>(const_cast<void*>(data));
  return BufferPtr(new Buffer(bytes_data, bytes, std::move(owner)));
}

Buffer::~Buffer() {
  if (owner_ != nullptr) return;
  std::free(data_);
  MemoryAccount::Buffers().Release(static_cast<int64_t>(Padded(size_)));
}

}  // namespace castor
