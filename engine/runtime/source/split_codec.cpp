#include "runtime/source/split_codec.h"

#include <cstring>
#include <utility>

namespace castor::runtime {
namespace {

// Little-endian, as every machine that this runs on.
void AppendU32(size_t value, std::string* out) {
  const auto narrow = static_cast<uint32_t>(value);
  out->append(reinterpret_cast<const char*>(&narrow), sizeof(narrow));
}

bool TakeU32(std::string_view* bytes, uint32_t* value) {
  if (bytes->size() < sizeof(*value)) return false;
  std::memcpy(value, bytes->data(), sizeof(*value));
  bytes->remove_prefix(sizeof(*value));
  return true;
}

}  // namespace

std::string EncodeStrings(const std::vector<std::string>& strings) {
  std::string out;
  AppendU32(strings.size(), &out);
  for (const std::string& string : strings) {
    AppendU32(string.size(), &out);
    out += string;
  }
  return out;
}

Result<std::vector<std::string>> DecodeStrings(std::string_view bytes) {
  const Status broken = Status::Corruption("a list of strings in the snapshot ends early");
  std::vector<std::string> strings;
  uint32_t count = 0;
  if (!TakeU32(&bytes, &count)) return broken;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t size = 0;
    if (!TakeU32(&bytes, &size) || bytes.size() < size) return broken;
    strings.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) return Status::Corruption("a list of strings in the snapshot is too long");
  return strings;
}

std::string EncodeSplits(const std::vector<connector::Split>& splits) {
  std::vector<std::string> strings;
  for (const connector::Split& split : splits) {
    strings.push_back(split.id);
    strings.push_back(split.state);
  }
  return EncodeStrings(strings);
}

Result<std::vector<connector::Split>> DecodeSplits(std::string_view bytes) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<std::string> strings, DecodeStrings(bytes));
  if (strings.size() % 2 != 0) return Status::Corruption("half a split in the snapshot");
  std::vector<connector::Split> splits;
  for (size_t i = 0; i < strings.size(); i += 2) {
    splits.push_back({std::move(strings[i]), std::move(strings[i + 1])});
  }
  return splits;
}

}  // namespace castor::runtime
