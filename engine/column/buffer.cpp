#include "column/buffer.h"

#include <cstring>

#include "base/memory.h"
#include "column/block_cache.h"

namespace castor {
namespace {

// Kernels that load whole vectors may read up to one beyond the last value.
size_t Padded(size_t bytes) {
  return (bytes + BlockCache::kAlignment) / BlockCache::kAlignment * BlockCache::kAlignment;
}

int64_t ChargedBytes(size_t bytes) {
  return static_cast<int64_t>(BlockCache::RoundUp(Padded(bytes)));
}

}  // namespace

BufferPtr Buffer::Allocate(size_t bytes) {
  void* data = BlockCache::Allocate(Padded(bytes));
  MemoryAccount::Buffers().Charge(ChargedBytes(bytes));
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
  BlockCache::Free(data_, Padded(size_));
  MemoryAccount::Buffers().Release(ChargedBytes(size_));
}

}  // namespace castor
