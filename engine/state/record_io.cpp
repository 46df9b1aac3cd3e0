#include "state/record_io.h"

#include <cstdlib>
#include <cstring>

#include "base/memory.h"

namespace castor::state {
namespace {

Blob* BlobAt(std::byte* record, int32_t offset) { return reinterpret_cast<Blob*>(record + offset); }

void FreeOutside(const Blob& blob) {
  if (blob.inside()) return;
  std::free(blob.outside);
  MemoryAccount::State().Release(blob.capacity);
}

}  // namespace

Status RecordIo::SetBlob(Blob* blob, std::string_view bytes) {
  if (bytes.size() <= Blob::kMostInside) {
    const Blob before = *blob;
    blob->PutInside(bytes);
    FreeOutside(before);
    return Status::OK();
  }
  if (bytes.size() > blob->allocated()) {
    const size_t capacity = (bytes.size() + bytes.size() / 4 + 15) / 16 * 16;
    if (capacity > UINT32_MAX) {
      return Status::ResourceExhausted("one state value of " + std::to_string(bytes.size()) +
                                       " bytes; 4 GiB is the most");
    }
    auto* data = static_cast<char*>(std::malloc(capacity));
    if (data == nullptr) return Status::ResourceExhausted("out of memory for a state value");
    MemoryAccount::State().Charge(static_cast<int64_t>(capacity));
    // `bytes` may lie in the old memory, so copy first.
    std::memcpy(data, bytes.data(), bytes.size());
    FreeOutside(*blob);
    *blob = {static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(capacity), data};
    return Status::OK();
  }
  std::memmove(blob->outside, bytes.data(), bytes.size());
  blob->size = static_cast<uint32_t>(bytes.size());
  return Status::OK();
}

void RecordIo::FreeBlob(Blob* blob) {
  FreeOutside(*blob);
  *blob = {};
}

void RecordIo::Reset(std::byte* record) const {
  for (const int32_t offset : layout_.blob_offsets) FreeBlob(BlobAt(record, offset));
  std::memset(record, 0, static_cast<size_t>(layout_.fixed_size));
}

}  // namespace castor::state
