// What the payload of a table's records is: fixed bytes, in which blobs lead to what varies in
// size.
//
// In a run the value of an entry is the payload, in which a blob is {0, size, 0}, followed by the
// bytes of the blobs in the order of their offsets. Immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::gemini {

// Owned by the store and changed through it only. Zeros: empty.
struct Blob {
  char* data;
  uint32_t size;
  uint32_t capacity;

  std::string_view view() const { return {data, size}; }
};
static_assert(sizeof(Blob) == 16);

struct RecordLayout {
  uint32_t payload_bytes = 0;          // a multiple of 16
  std::vector<uint32_t> blob_offsets;  // ascending, multiples of 8

  friend bool operator==(const RecordLayout&, const RecordLayout&) = default;
  Blob* BlobAt(std::byte* payload, size_t i) const {
    return reinterpret_cast<Blob*>(payload + blob_offsets[i]);
  }
  const Blob* BlobAt(const std::byte* payload, size_t i) const {
    return reinterpret_cast<const Blob*>(payload + blob_offsets[i]);
  }
};

// The value of a payload in a run: a view of the payload itself, or of `scratch`.
std::string_view EncodeValue(const RecordLayout& layout, const std::byte* payload,
                             std::string* scratch);

// The parts of a value. kCorruption if it is not one of the layout.
struct DecodedValue {
  std::string_view payload;             // blobs in it are not to be used
  std::vector<std::string_view> blobs;  // as many as the layout has
};
Result<DecodedValue> DecodeValue(const RecordLayout& layout, std::string_view value);

}  // namespace castor::gemini
