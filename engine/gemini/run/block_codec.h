// How blocks of runs, and values apart from them, are compressed: fast where they are read and
// merged soon, well where they stay.
//
// A compressed block is stored as the number of its bytes (u32) and what the codec made of them, or
// of them with deltas in the place of their arrays (block_deltas.h).
// Which codec that is stands in the run's index, by block: what does not pay is stored as it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::gemini {

// Numbers as they stand in runs.
enum class Codec : uint32_t { kNone = 0, kLz4 = 1, kZstd = 2, kLz4Deltas = 3, kZstdDeltas = 4 };

// The same for what has no arrays.
constexpr Codec WithoutDeltas(Codec codec) {
  if (codec == Codec::kLz4Deltas) return Codec::kLz4;
  return codec == Codec::kZstdDeltas ? Codec::kZstd : codec;
}

// Of one writer. Where some blocks in a row did not pay only few of those that follow are tried.
// Not thread-safe.
class BlockCompressor {
 public:
  explicit BlockCompressor(Codec codec);
  ~BlockCompressor();

  // What is to be stored, in `*stored` or `block` itself, and how.
  std::string_view Compress(std::string_view block, std::string* stored, Codec* used);

 private:
  struct ZstdContext;
  std::string_view Prepared(std::string_view block);
  // The size of what is behind the head, or 0.
  size_t CompressTo(std::string_view block, std::string* stored);

  const Codec codec_;
  std::unique_ptr<ZstdContext> zstd_;
  std::string with_deltas_;
  uint32_t not_paid_ = 0;  // blocks in a row
  uint32_t skip_ = 0;      // blocks to come that are not tried
};

// The block. kIncompatible for a codec that there is not, kCorruption for bytes that it has not
// made. Thread-safe.
Result<std::string> Decompress(uint32_t codec, std::string stored);

}  // namespace castor::gemini
