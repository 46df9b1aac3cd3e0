// What the payload of a table's records is: fixed bytes, in which blobs lead to what varies in
// size.
//
// In a run the value of an entry is the payload, in which a blob is 0 (u64), size, 0 (u32 each),
// followed by the bytes of the blobs in the order of their offsets. Immutable, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::gemini {

// Owned by the store and changed through it only. Zeros: empty. What is short stands in the blob
// itself, in the place of the last two fields, so that it costs no slot and no cache line more.
struct Blob {
  static constexpr uint32_t kMostInside = 12;

  uint32_t size;
  uint32_t capacity;  // of what is `outside`
  char* outside;

  bool inside() const { return size <= kMostInside; }
  std::string_view view() const { return {inside() ? Inside() : outside, size}; }
  // What may be written over in place.
  char* data() { return inside() ? const_cast<char*>(Inside()) : outside; }
  // Bytes outside of the blob, none of which are its own if they are inside.
  uint32_t allocated() const { return inside() ? 0 : capacity; }

  // Of at most kMostInside bytes, which may be the blob's; what it had outside is forgotten.
  void PutInside(std::string_view bytes) {
    char copy[kMostInside] = {};
    bytes.copy(copy, bytes.size());
    size = static_cast<uint32_t>(bytes.size());
    std::memcpy(data(), copy, sizeof(copy));
  }
  // A blob with these bytes, that nobody may change or free.
  static Blob Lent(std::string_view bytes) {
    Blob blob{static_cast<uint32_t>(bytes.size()), 0, const_cast<char*>(bytes.data())};
    if (blob.inside()) blob.PutInside(bytes);
    return blob;
  }

 private:
  const char* Inside() const {
    return reinterpret_cast<const char*>(this) + sizeof(Blob) - kMostInside;
  }
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
// The payload of a value that can be decoded, which begins at `value`; blobs are lent its bytes.
void LendValue(const RecordLayout& layout, const char* value, std::byte* payload);

}  // namespace castor::gemini
