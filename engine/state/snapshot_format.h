// The bytes of one operator instance's keyed state: what spec/checkpoint-format.md calls a state
// file.
//
// A header names format version and max parallelism; then come states, each a descriptor and blocks
// of entries, one key group each; then an end mark. Every block carries a checksum (XXH64), so that
// corruption is found and named; a reader skips the blocks of key groups that are not its own.
// Integers are little endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "state/keyed_state.h"
#include "state/snapshot.h"

namespace castor::state {

enum class StateKind : uint8_t {
  kValue = 1,
  kMap = 2,
  kList = 3,
  kWindow = 4,
  kWindowList = 5,
  kTimers = 6,
};

// Entries of one key group, as a sequence of length-prefixed byte strings and integers.
class BlockWriter {
 public:
  void PutU32(uint32_t value) { std::memcpy(Extend(sizeof(value)), &value, sizeof(value)); }
  void PutI64(int64_t value) { std::memcpy(Extend(sizeof(value)), &value, sizeof(value)); }
  void PutBytes(std::string_view bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    char* to = Extend(sizeof(size) + size);
    std::memcpy(to, &size, sizeof(size));
    if (size > 0) std::memcpy(to + sizeof(size), bytes.data(), size);
  }
  void PutRaw(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(Extend(bytes.size()), bytes.data(), bytes.size());
  }
  void CountEntry() { ++entries_; }
  uint32_t entries() const { return entries_; }
  std::string_view bytes() const { return bytes_; }
  // Keeps the memory.
  void Clear() {
    bytes_.clear();
    entries_ = 0;
  }

 private:
  char* Extend(size_t more) {
    bytes_.resize(bytes_.size() + more);
    return bytes_.data() + bytes_.size() - more;
  }

  std::string bytes_;
  uint32_t entries_ = 0;
};

// Reads what BlockWriter wrote. Reading past the end sets `failed` and gives zeros.
class BlockReader {
 public:
  explicit BlockReader(std::string_view bytes) : bytes_(bytes) {}
  uint32_t U32() { return Read<uint32_t>(); }
  int64_t I64() { return Read<int64_t>(); }
  std::string_view Bytes() { return Raw(U32()); }
  std::string_view Raw(size_t size);
  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  template <typename T>
  T Read() {
    T value{};
    const std::string_view raw = Raw(sizeof(T));
    if (!failed_) raw.copy(reinterpret_cast<char*>(&value), sizeof(T));
    return value;
  }
  std::string_view bytes_;
  bool failed_ = false;
};

// The parts of a snapshot, in order: the head; states, each followed by blocks of its entries; the
// end. A state may come several times, and a key group several times in a state.
Status WriteSnapshotHead(int32_t max_parallelism, const ByteSink& sink);
Status WriteState(StateKind kind, const StateDescriptor& descriptor, const ByteSink& sink);
Status WriteBlock(int32_t key_group, const BlockWriter& block, const ByteSink& sink);
Status WriteSnapshotEnd(const ByteSink& sink);

// Called for each state, then for each of its blocks in `range`.
struct SnapshotVisitor {
  std::function<Status(StateKind, const StateDescriptor&)> on_state;
  std::function<Status(int32_t key_group, uint32_t entries, BlockReader&)> on_block;
};
Status DecodeSnapshot(std::string_view snapshot, KeyGroupRange range, int32_t max_parallelism,
                      const SnapshotVisitor& visitor);

}  // namespace castor::state
