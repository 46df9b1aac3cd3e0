#include "gemini/memory/blobs.h"

#include <algorithm>
#include <cstring>

namespace castor::gemini {

namespace {

// A slot is changed for a smaller one when so little of it is needed.
constexpr uint32_t kLeastShrunk = 256;
constexpr uint32_t kShrunkShare = 4;

bool HasFittingSlot(const Blob& blob, size_t bytes) {
  if (bytes > blob.allocated()) return false;
  return blob.capacity < kLeastShrunk || bytes >= blob.capacity / kShrunkShare;
}

}  // namespace

void SetBlob(RecordHeap* heap, Blob* blob, std::string_view bytes) {
  char* const before = blob->inside() ? nullptr : blob->outside;
  if (bytes.size() <= Blob::kMostInside) {
    blob->PutInside(bytes);
  } else if (HasFittingSlot(*blob, bytes.size())) {
    std::memmove(blob->outside, bytes.data(), bytes.size());
    blob->size = static_cast<uint32_t>(bytes.size());
    return;
  } else {
    heap->AllocateOwned(bytes.size(), &blob->outside);
    blob->capacity = static_cast<uint32_t>(RecordHeap::OwnedCapacity(bytes.size()));
    blob->size = static_cast<uint32_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), blob->outside);
  }
  if (before != nullptr) heap->FreeOwned(before);
}

void BlobsMoved(const RecordLayout& layout, std::byte* payload) {
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    if (!blob->inside()) RecordHeap::SetOwner(blob->outside, &blob->outside);
  }
}

void FreeBlobs(RecordHeap* heap, const RecordLayout& layout, std::byte* payload) {
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    if (!blob->inside()) heap->FreeOwned(blob->outside);
    *blob = {};
  }
}

void FillPayload(RecordHeap* heap, const RecordLayout& layout, const DecodedValue& value,
                 std::byte* payload) {
  std::copy_n(reinterpret_cast<const std::byte*>(value.payload.data()), value.payload.size(),
              payload);
  for (size_t i = 0; i < value.blobs.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    *blob = {};
    SetBlob(heap, blob, value.blobs[i]);
  }
}

}  // namespace castor::gemini
