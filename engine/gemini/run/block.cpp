#include "gemini/run/block.h"

#include <cstring>

#include "gemini/run/encoding.h"
#include "gemini/run/value_file.h"

namespace castor::gemini {
namespace {

constexpr uint8_t kKindMask = 3;
constexpr uint8_t kHasTime = 4;
constexpr uint8_t kApart = 8;

// False if the body is cut short or of an unknown kind.
bool DecodeBody(std::string_view body, Entry* entry) {
  ByteReader in(body);
  const auto flags = in.Get<uint8_t>();
  const uint64_t key_size = in.Varint();
  const uint64_t user_key_size = in.Varint();
  entry->kind = static_cast<EntryKind>(flags & kKindMask);
  entry->time = (flags & kHasTime) != 0 ? in.Get<int64_t>() : 0;
  entry->key = in.Raw(key_size);
  entry->user_key = in.Raw(user_key_size);
  entry->value = in.rest();
  entry->apart = (flags & kApart) != 0;
  if (entry->apart && entry->value.size() != sizeof(ValuePointer)) return false;
  return !in.failed() && (flags & ~(kKindMask | kHasTime | kApart)) == 0 &&
         entry->kind <= EntryKind::kClear;
}

}  // namespace

void BlockBuilder::Add(const Entry& entry) {
  groups_.push_back(static_cast<uint16_t>(KeyGroupAt(entry.position)));
  hashes_.push_back(static_cast<uint32_t>(entry.position));
  ByteWriter out(&bodies_);
  const uint8_t timed = entry.time != 0 ? kHasTime : 0;
  const uint8_t apart = entry.apart ? kApart : 0;
  out.Put<uint8_t>(static_cast<uint8_t>(static_cast<uint8_t>(entry.kind) | timed | apart));
  out.PutVarint(entry.key.size());
  out.PutVarint(entry.user_key.size());
  if (timed != 0) out.Put<int64_t>(entry.time);
  out.PutRaw(entry.key);
  out.PutRaw(entry.user_key);
  out.PutRaw(entry.value);
  ends_.push_back(static_cast<uint32_t>(bodies_.size()));
}

std::string BlockBuilder::Finish() {
  std::string bytes;
  bytes.reserve(byte_size());
  ByteWriter out(&bytes);
  out.Put<uint32_t>(static_cast<uint32_t>(hashes_.size()));
  const auto put_array = [&](const auto& values) {
    out.PutRaw({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0])});
  };
  put_array(groups_);
  put_array(hashes_);
  put_array(ends_);
  out.PutRaw(bodies_);
  groups_.clear();
  hashes_.clear();
  ends_.clear();
  bodies_.clear();
  return bytes;
}

Result<Block> Block::Parse(std::string bytes) {
  Block block;
  block.bytes_ = std::move(bytes);
  if (block.bytes_.size() < sizeof(uint32_t)) {
    return Status::Corruption("a block of a run is cut short");
  }
  block.count_ = block.Load<uint32_t>(0);
  const size_t size = block.bytes_.size();
  if (block.count_ == 0) return Status::Corruption("a block of a run has no entries");
  if (block.count_ > size || block.BodiesAt() > size) {
    return Status::Corruption(
        "a block of a run says that it has more entries than it has room for");
  }
  const size_t bodies = size - block.BodiesAt();
  uint32_t end = 0;
  for (uint32_t i = 0; i < block.count_; ++i) {
    const auto next = block.Load<uint32_t>(block.EndsAt() + i * sizeof(uint32_t));
    Entry entry;
    if (next < end || next > bodies || !DecodeBody(block.BodyOf(i), &entry)) {
      return Status::Corruption("entry " + std::to_string(i) + " of a block of a run is damaged");
    }
    end = next;
  }
  if (end != bodies) return Status::Corruption("a block of a run has bytes behind its last entry");
  return block;
}

template <typename T>
T Block::Load(size_t offset) const {
  T value;
  std::memcpy(&value, bytes_.data() + offset, sizeof(T));
  return value;
}

std::string_view Block::BodyOf(uint32_t index) const {
  const size_t at = EndsAt() + index * sizeof(uint32_t);
  const uint32_t begin = index == 0 ? 0 : Load<uint32_t>(at - sizeof(uint32_t));
  return std::string_view(bytes_).substr(BodiesAt() + begin, Load<uint32_t>(at) - begin);
}

Position Block::PositionAt(uint32_t index) const {
  return PositionOf(Load<uint16_t>(sizeof(uint32_t) + index * sizeof(uint16_t)),
                    Load<uint32_t>(HashesAt() + index * sizeof(uint32_t)));
}

Entry Block::At(uint32_t index) const {
  Entry entry;
  DecodeBody(BodyOf(index), &entry);
  entry.position = PositionAt(index);
  return entry;
}

uint32_t Block::LowerBound(Position position) const {
  uint32_t low = 0, high = count_;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    PositionAt(middle) < position ? low = middle + 1 : high = middle;
  }
  return low;
}

std::optional<Entry> Block::Find(Position position, std::string_view key,
                                 std::string_view user_key) const {
  for (uint32_t i = LowerBound(position); i < count_ && PositionAt(i) == position; ++i) {
    const Entry entry = At(i);
    if (entry.key == key && entry.kind != EntryKind::kClear && entry.user_key == user_key) {
      return entry;
    }
  }
  return std::nullopt;
}

}  // namespace castor::gemini
