// The value of a record, of a layout that the first byte chooses.
#include "gemini/memory/record_layout.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

std::vector<std::string> Seeds() {
  std::string value(1 + 32, '\0');
  value[0] = 1;
  value[1 + 8] = 5;  // the size of the blob at 0
  return {value + "bytes", std::string(33, '\0')};
}

bool Read(std::string_view bytes) {
  if (bytes.empty()) return false;
  gemini::RecordLayout layout{32, {}};
  for (uint32_t i = 0; i < static_cast<uint8_t>(bytes[0]) % 3u; ++i) {
    layout.blob_offsets.push_back(i * 16);
  }
  const auto value = gemini::DecodeValue(layout, bytes.substr(1));
  if (!value.ok()) return false;
  Touch(value->payload);
  for (const std::string_view blob : value->blobs) Touch(blob);
  return true;
}

const Registered kRecordValue({"record_value", Seeds, Read});

}  // namespace
}  // namespace castor::fuzz
