#include "gemini/memory/record_layout.h"

#include <cstring>

namespace castor::gemini {

std::string_view EncodeValue(const RecordLayout& layout, const std::byte* payload,
                             std::string* scratch) {
  const std::string_view bytes(reinterpret_cast<const char*>(payload), layout.payload_bytes);
  if (layout.blob_offsets.empty()) return bytes;
  scratch->assign(bytes);
  for (size_t i = 0; i < layout.blob_offsets.size(); ++i) {
    const Blob stored{nullptr, layout.BlobAt(payload, i)->size, 0};
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
    Blob blob;
    std::memcpy(&blob, value.data() + offset, sizeof(blob));
    if (blob.size > rest.size()) return damaged();
    decoded.blobs.push_back(rest.substr(0, blob.size));
    rest.remove_prefix(blob.size);
  }
  if (!rest.empty()) return damaged();
  return decoded;
}

}  // namespace castor::gemini
