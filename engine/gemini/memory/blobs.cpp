#include "gemini/memory/blobs.h"

#include <algorithm>
#include <cstring>

namespace castor::gemini {

namespace {

// A slot is changed for a smaller one when so little of it is needed.
constexpr uint32_t kLeastShrunk = 256;
constexpr uint32_t kShrunkShare = 4;

bool HasFittingSlot(const Blob& blob, size_t bytes) {
  if (bytes > blob.capacity) return false;
  return blob.capacity < kLeastShrunk || bytes >= blob.capacity / kShrunkShare;
}

}  // namespace

void SetBlob(RecordHeap* heap, Blob* blob, std::string_view bytes) {
  if (HasFittingSlot(*blob, bytes.size())) {
    if (!bytes.empty()) std::memmove(blob->data, bytes.data(), bytes.size());
  } else {
    char* const before = blob->data;
    if (bytes.empty()) {
      *blob = {};
    } else {
      heap->AllocateOwned(bytes.size(), &blob->data);
      blob->capacity = static_cast<uint32_t>(RecordHeap::OwnedCapacity(bytes.size()));
      std::copy(bytes.begin(), bytes.end(), blob->data);
    }
    if (before != nullptr) heap->FreeOwned(before);
  }
  blob->size = static_cast<uint32_t>(bytes.size());
}

void BlobsMoved(const RecordLayout& layout, std::byte* payload) {
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    if (blob->data != nullptr) RecordHeap::SetOwner(blob->data, &blob->data);
  }
}

void FreeBlobs(RecordHeap* heap, const RecordLayout& layout, std::byte* payload) {
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    if (blob->data != nullptr) heap->FreeOwned(blob->data);
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
