// The bytes of one operator instance's keyed state: what spec/checkpoint-format.md calls a state
// file.
//
// A header names format version and max parallelism; then, per state, its descriptor and one block
// per key group that has entries; then an end mark. Every block carries a checksum (XXH64), so that
// corruption is found and named; a reader skips the blocks of key groups that are not its own.
// Integers are little endian.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "state/keyed_state.h"

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
  void PutU32(uint32_t value) { Append(&value, sizeof(value)); }
  void PutI64(int64_t value) { Append(&value, sizeof(value)); }
  void PutBytes(std::string_view bytes) {
    PutU32(static_cast<uint32_t>(bytes.size()));
    bytes_.append(bytes);
  }
  void PutRaw(std::string_view bytes) { bytes_.append(bytes); }
  void CountEntry() { ++entries_; }
  uint32_t entries() const { return entries_; }
  const std::string& bytes() const { return bytes_; }

 private:
  void Append(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
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

struct StateSection {
  StateKind kind;
  StateDescriptor descriptor;
  std::map<int32_t, BlockWriter> groups;  // by key group

  int64_t ByteSize() const;
};

// The bytes of a snapshot, in order.
Status WriteSnapshot(int32_t max_parallelism, const std::deque<StateSection>& sections,
                     const std::function<Status(std::string_view)>& sink);

// Called for each state, then for each of its blocks in `range`.
struct SnapshotVisitor {
  std::function<Status(StateKind, const StateDescriptor&)> on_state;
  std::function<Status(int32_t key_group, uint32_t entries, BlockReader&)> on_block;
};
Status DecodeSnapshot(std::string_view snapshot, KeyGroupRange range, int32_t max_parallelism,
                      const SnapshotVisitor& visitor);

}  // namespace castor::state
