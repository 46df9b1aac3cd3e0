#include "gemini/memory/record_layout.h"

#include <cstring>

namespace castor::gemini {
namespace {

// What stands in a run in the place of a blob.
struct StoredBlob {
  uint64_t zero = 0;
  uint32_t size = 0;
  uint32_t zero_too = 0;
};
static_assert(sizeof(StoredBlob) == sizeof(Blob));

}  // namespace

std::string_view EncodeValue(const RecordLayout& layout, const std::byte* payload,
                             std::string* scratch) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload), layout.payload_bytes);
  if (layout.blob_offsets.empty()) return bytes;
  scratch->assign(bytes);
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    const StoredBlob stored{.size = layout.BlobAt(payload, i)->size};
    std::memcpy(scratch->data() + layout.blob_offsets[i], &stored, sizeof(stored));
  }
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    scratch->append(layout.BlobAt(payload, i)->view());
  }
  return *scratch;
}

Result<DecodedValue> DecodeValue(const RecordLayout& layout, std::string_view value) {
  const auto damaged = [&] {
    return Status::Corruption("a value of " + std::to_string(value.size()) +
                              " bytes is not one of records of " +
                              std::to_string(layout.payload_bytes) + " bytes and " +
                              std::to_string(layout.blob_offsets.size()) + " blobs");
  };
  if (value.size() < layout.payload_bytes) return damaged();
  DecodedValue decoded;
  decoded.payload = value.substr(0, layout.payload_bytes);
  std::string_view rest = value.substr(layout.payload_bytes);
  for (const uint32_t offset : layout.blob_offsets) {
    StoredBlob blob;
    std::memcpy(&blob, value.data() + offset, sizeof(blob));
    if (blob.size > rest.size()) return damaged();
    decoded.blobs.push_back(rest.substr(0, blob.size));
    rest.remove_prefix(blob.size);
  }
  if (!rest.empty()) return damaged();
  return decoded;
}

void LendValue(const RecordLayout& layout, const char* value, std::byte* payload) {
  std::memcpy(payload, value, layout.payload_bytes);
  const char* rest = value + layout.payload_bytes;
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    StoredBlob stored;
    std::memcpy(&stored, value + layout.blob_offsets[i], sizeof(stored));
    *layout.BlobAt(payload, i) = Blob::Lent({rest, stored.size});
    rest += stored.size;
  }
}

}  // namespace castor::gemini
