// How blocks of runs are compressed: fast where they are read and merged soon, well where they
// stay.
//
// A compressed block is stored as the number of its bytes (u32) and what the codec made of them.
// Which codec that is stands in the run's index, by block: what does not pay is stored as it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::gemini {

// Numbers as they stand in runs.
enum class Codec : uint32_t { kNone = 0, kLz4 = 1, kZstd = 2 };

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
  // The size of what is behind the head, or 0.
  size_t CompressTo(std::string_view block, std::string* stored);

  const Codec codec_;
  std::unique_ptr<ZstdContext> zstd_;
  uint32_t not_paid_ = 0;  // blocks in a row
  uint32_t skip_ = 0;      // blocks to come that are not tried
};

// The block. kIncompatible for a codec that there is not, kCorruption for bytes that it has not
// made. Thread-safe.
Result<std::string> Decompress(uint32_t codec, std::string stored);

}  // namespace castor::gemini
