#include "gemini/memory/blobs.h"

#include <algorithm>
#include <cstring>

namespace castor::gemini {

void SetBlob(RecordHeap* heap, Blob* blob, std::string_view bytes) {
  if (bytes.size() > blob->capacity) {
    auto* slot = reinterpret_cast<char*>(heap->Allocate(bytes.size(), RecordHeap::Use::kBlob));
    std::copy(bytes.begin(), bytes.end(), slot);
    if (blob->data != nullptr) heap->Free(reinterpret_cast<std::byte*>(blob->data));
    blob->data = slot;
    blob->capacity = static_cast<uint32_t>(RecordHeap::RoundUp(bytes.size()));
  } else if (!bytes.empty()) {
    std::memmove(blob->data, bytes.data(), bytes.size());
  }
  blob->size = static_cast<uint32_t>(bytes.size());
}

void FreeBlobs(RecordHeap* heap, const RecordLayout& layout, std::byte* payload) {
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    Blob* blob = layout.BlobAt(payload, i);
    if (blob->data != nullptr) heap->Free(reinterpret_cast<std::byte*>(blob->data));
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
