// Values one after the other in bytes, in order: each {u32 size, bytes, u32 size}, so that a list
// can be read from both ends. NULL is a value of its own. Views point into the bytes, which must
// not change meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace castor::aggregate {

class ValueList {
 public:
  struct Item {
    size_t offset = 0;
    bool valid = false;
    std::string_view value;

    size_t end() const { return offset + 2 * sizeof(uint32_t) + value.size(); }
  };

  ValueList() = default;  // empty
  explicit ValueList(std::string_view bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }  // in bytes

  // The item that starts at `offset`: 0, or the end of another one, below `size`.
  Item At(size_t offset) const {
    const uint32_t size = SizeAt(offset);
    return {offset,
            size != kNull,
            {bytes_.data() + offset + sizeof(uint32_t), size == kNull ? 0 : size}};
  }
  Item First() const { return At(0); }
  Item Last() const {
    const uint32_t size = SizeAt(bytes_.size() - sizeof(uint32_t));
    return At(bytes_.size() - 2 * sizeof(uint32_t) - (size == kNull ? 0 : size));
  }

  // The first equal item. False: there is none.
  bool Find(bool valid, std::string_view value, Item* found) const {
    for (size_t offset = 0; offset < bytes_.size(); offset = found->end()) {
      *found = At(offset);
      if (found->valid == valid && found->value == value) return true;
    }
    return false;
  }

  static void Append(bool valid, std::string_view value, std::string* bytes) {
    const uint32_t size = valid ? static_cast<uint32_t>(value.size()) : kNull;
    bytes->append(reinterpret_cast<const char*>(&size), sizeof(size));
    if (valid) bytes->append(value);
    bytes->append(reinterpret_cast<const char*>(&size), sizeof(size));
  }
  static void Erase(const Item& item, std::string* bytes) {
    bytes->erase(item.offset, item.end() - item.offset);
  }

 private:
  static constexpr uint32_t kNull = UINT32_MAX;

  uint32_t SizeAt(size_t offset) const {
    uint32_t size;
    std::memcpy(&size, bytes_.data() + offset, sizeof(size));
    return size;
  }

  std::string_view bytes_;
};

}  // namespace castor::aggregate
