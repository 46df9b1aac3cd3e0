#include "roaring/portable_form.h"

#include <cstring>

namespace castor::roaring {
namespace {

constexpr uint32_t kCookieWithRuns = 12347;  // in the lower half; the upper one counts containers
constexpr uint32_t kFewContainers = 4;       // below, bytes with runs have no offsets
constexpr uint32_t kMaxArray = 4096;
constexpr size_t kBitsetBytes = 8192;

template <typename T>
T Load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

// The descriptions in front of the containers.
class Header {
 public:
  explicit Header(std::string_view bytes) {
    const auto cookie = Load<uint32_t>(bytes.data());
    const char* next = bytes.data() + sizeof(cookie);
    if ((cookie & 0xffff) == kCookieWithRuns) {
      count_ = (cookie >> 16) + 1;
      run_flags_ = next;
      next += (count_ + 7) / 8;
    } else {
      count_ = Load<uint32_t>(next);
      next += sizeof(count_);
    }
    descriptions_ = next;
    const bool offsets = run_flags_ == nullptr || count_ >= kFewContainers;
    containers_ = next + size_t{4} * count_ * (offsets ? 2 : 1);
  }

  uint32_t count() const { return count_; }
  bool has_runs() const { return run_flags_ != nullptr; }
  bool IsRun(uint32_t i) const {
    return has_runs() && (static_cast<uint8_t>(run_flags_[i / 8]) >> (i % 8) & 1) != 0;
  }
  uint32_t Cardinality(uint32_t i) const {
    return uint32_t{Load<uint16_t>(descriptions_ + 4 * size_t{i} + 2)} + 1;
  }
  const char* containers() const { return containers_; }

 private:
  uint32_t count_ = 0;
  const char* run_flags_ = nullptr;
  const char* descriptions_ = nullptr;
  const char* containers_ = nullptr;
};

}  // namespace

uint64_t CardinalityOf(std::string_view bytes) {
  const Header header(bytes);
  uint64_t sum = 0;
  for (uint32_t i = 0; i < header.count(); ++i) sum += header.Cardinality(i);
  return sum;
}

bool HasTiedRun(std::string_view bytes) {
  const Header header(bytes);
  if (!header.has_runs()) return false;
  const char* container = header.containers();
  for (uint32_t i = 0; i < header.count(); ++i) {
    const uint32_t cardinality = header.Cardinality(i);
    if (header.IsRun(i)) {
      const uint32_t runs = Load<uint16_t>(container);
      const size_t size = 2 + size_t{4} * runs;
      if (size == size_t{2} * cardinality) return true;
      container += size;
    } else {
      container += cardinality > kMaxArray ? kBitsetBytes : size_t{2} * cardinality;
    }
  }
  return false;
}

}  // namespace castor::roaring
