// A block, as it lies in memory, or packed by the codec that the first byte names.
#include "gemini/run/block.h"
#include "gemini/run/block_codec.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace gemini;

std::vector<std::string> Seeds() {
  BlockBuilder builder;
  for (uint32_t i = 0; i < 40; ++i) {
    const std::string key = "key" + std::to_string(i + 10);
    builder.Add(
        {PositionOf(i / 20, i), key, i % 2 == 0 ? "" : "user", EntryKind::kPut, i, "value"});
  }
  const std::string block = builder.Finish();
  std::vector<std::string> seeds;
  for (const Codec codec :
       {Codec::kNone, Codec::kLz4, Codec::kZstd, Codec::kLz4Deltas, Codec::kZstdDeltas}) {
    BlockCompressor compressor(codec);
    std::string packed;
    Codec used = Codec::kNone;
    const std::string_view stored = compressor.Compress(block, &packed, &used);
    Require(used == codec);
    seeds.push_back(static_cast<char>(used) + std::string(stored));
  }
  return seeds;
}

bool Read(std::string_view stored) {
  if (stored.empty()) return false;
  auto bytes = Decompress(static_cast<uint8_t>(stored[0]), std::string(stored.substr(1)));
  if (!bytes.ok()) return false;
  const auto block = Block::Parse(std::move(*bytes));
  if (!block.ok()) return false;
  for (uint32_t i = 0; i < block->size(); ++i) {
    const Entry entry = block->At(i);
    Touch(entry.key);
    Touch(entry.user_key);
    Touch(entry.value);
    Require(block->LowerBound(entry.position) <= block->size());
    block->Find(entry.position, entry.key, entry.user_key);
  }
  return true;
}

const Registered kBlock({"block", Seeds, Read});

}  // namespace
}  // namespace castor::fuzz
