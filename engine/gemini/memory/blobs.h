// What of a payload stands in slots of its own: writing, filling and freeing the blobs of records.
//
// Slots belong to the heap of the records, which may move them: a record that has moved says so by
// BlobsMoved. Not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "gemini/memory/record_heap.h"
#include "gemini/memory/record_layout.h"

namespace castor::gemini {

// `bytes` may be of the blob itself. At most 4 GiB.
void SetBlob(RecordHeap* heap, Blob* blob, std::string_view bytes);
// The payload stands where another has been, of which it is a copy.
void BlobsMoved(const RecordLayout& layout, std::byte* payload);
void FreeBlobs(RecordHeap* heap, const RecordLayout& layout, std::byte* payload);
// The payload gets what a run says of it; what it held before is not looked at.
void FillPayload(RecordHeap* heap, const RecordLayout& layout, const DecodedValue& value,
                 std::byte* payload);

}  // namespace castor::gemini
