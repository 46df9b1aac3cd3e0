// A data block of a run: some entries in order, found by their hash.
//
// Bytes of a block, before compression:
//   u32 entries; u16 key group, u32 hash, u32 end of body of each (three arrays); the bodies.
// A body: u8 kind | 4 if a time follows | 8 if the value is a pointer to it; varint sizes of key
// and user key; i64 time; key; user key; value. Hashes lie together, so that a lookup compares a
// cache line of them at once. A Block owns its bytes; entries it gives are views into them.
// Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/run/entry.h"

namespace castor::gemini {

class BlockBuilder {
 public:
  // In order.
  void Add(const Entry& entry);
  // The bytes of the block so far; the builder is empty again.
  std::string Finish();
  bool empty() const { return hashes_.empty(); }
  size_t byte_size() const { return sizeof(uint32_t) + hashes_.size() * 10 + bodies_.size(); }

 private:
  std::vector<uint16_t> groups_;
  std::vector<uint32_t> hashes_;
  std::vector<uint32_t> ends_;
  std::string bodies_;
};

class Block {
 public:
  // kCorruption if the bytes are no block.
  static Result<Block> Parse(std::string bytes);

  uint32_t size() const { return count_; }
  Entry At(uint32_t index) const;
  Position PositionAt(uint32_t index) const;
  // The first entry at or after `position`; size() if there is none.
  uint32_t LowerBound(Position position) const;
  // The entry of the key and user key (kPut or kDelete).
  std::optional<Entry> Find(Position position, std::string_view key,
                            std::string_view user_key) const;
  size_t byte_size() const { return bytes_.size(); }

 private:
  template <typename T>
  T Load(size_t offset) const;
  std::string_view BodyOf(uint32_t index) const;
  size_t HashesAt() const { return sizeof(uint32_t) + count_ * sizeof(uint16_t); }
  size_t EndsAt() const { return HashesAt() + count_ * sizeof(uint32_t); }
  size_t BodiesAt() const { return EndsAt() + count_ * sizeof(uint32_t); }

  std::string bytes_;
  uint32_t count_ = 0;
};

}  // namespace castor::gemini
