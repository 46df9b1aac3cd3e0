#include "aggregate/bitmap_accumulators.h"

#include <cstring>

namespace castor::aggregate {
namespace {

template <typename T>
T Take(std::string_view* bytes) {
  T value;
  std::memcpy(&value, bytes->data(), sizeof(value));
  bytes->remove_prefix(sizeof(value));
  return value;
}

template <typename T>
void Put(const T& value, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

void CombinedSet::Read(std::string_view bytes) {
  count = bytes.empty() ? 0 : Take<int32_t>(&bytes);
  set = bytes.empty() ? roaring::Bitmap() : roaring::Bitmap::Of(bytes);
}

void CombinedSet::Write(std::string* bytes) {
  if (count == 0 && set.empty()) return;
  Put(count, bytes);
  set.Write(bytes);
}

void CountedValues::Change(uint32_t value, int32_t by) {
  const auto found = times.emplace(value, 0).first;
  found->second += by;
  if (found->second == 0) times.erase(found);
}

void CountedValues::Read(std::string_view bytes) {
  times.clear();
  count = bytes.empty() ? 0 : Take<int32_t>(&bytes);
  while (!bytes.empty()) {
    const auto value = Take<uint32_t>(&bytes);
    times.emplace_hint(times.end(), value, Take<int32_t>(&bytes));
  }
}

void CountedValues::Write(std::string* bytes) const {
  if (count == 0 && times.empty()) return;
  Put(count, bytes);
  for (const auto& [value, often] : times) {
    Put(value, bytes);
    Put(often, bytes);
  }
}

}  // namespace castor::aggregate
