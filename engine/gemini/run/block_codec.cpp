#include "gemini/run/block_codec.h"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "gemini/run/block_deltas.h"

namespace castor::gemini {
namespace {

constexpr size_t kHead = sizeof(uint32_t);
// What is to be gained at least: an eighth.
constexpr size_t kGainShare = 8;
// Of smaller blocks none is tried.
constexpr size_t kLeastBytes = 64;
constexpr uint32_t kMostSkipped = 32;
// Fast to compress; what more it could gain by higher ones is little in blocks of some kilobytes.
constexpr int kZstdLevel = 1;
// No block is larger than what a run's index can say.
constexpr uint32_t kMostBytes = uint32_t{1} << 31;
// So many bytes a byte can stand for at most, by either codec: what says that it has more is
// damaged, and no memory is taken for it.
constexpr size_t kMostGain = size_t{1} << 16;

bool IsLz4(Codec codec) { return codec == Codec::kLz4 || codec == Codec::kLz4Deltas; }
bool HasDeltas(Codec codec) { return codec >= Codec::kLz4Deltas; }

struct FreeZstd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

bool DecompressTo(Codec codec, std::string_view packed, std::string* block) {
  if (IsLz4(codec)) {
    return LZ4_decompress_safe(packed.data(), block->data(), static_cast<int>(packed.size()),
                               static_cast<int>(block->size())) == static_cast<int>(block->size());
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  return ZSTD_decompressDCtx(context.get(), block->data(), block->size(), packed.data(),
                             packed.size()) == block->size();
}

}  // namespace

struct BlockCompressor::ZstdContext {
  ZstdContext() = default;
  ~ZstdContext() { ZSTD_freeCCtx(context); }
  ZstdContext(const ZstdContext&) = delete;
  ZstdContext& operator=(const ZstdContext&) = delete;
  ZSTD_CCtx* const context = ZSTD_createCCtx();
};

BlockCompressor::BlockCompressor(Codec codec) : codec_(codec) {
  if (codec_ != Codec::kNone && !IsLz4(codec_)) zstd_ = std::make_unique<ZstdContext>();
}

BlockCompressor::~BlockCompressor() = default;

size_t BlockCompressor::CompressTo(std::string_view block, std::string* stored) {
  // Room for a result that pays; others fail.
  const size_t room = block.size() - block.size() / kGainShare;
  stored->resize(kHead + room);
  const auto size = static_cast<uint32_t>(block.size());
  std::memcpy(stored->data(), &size, kHead);
  char* const to = stored->data() + kHead;
  if (IsLz4(codec_)) {
    return static_cast<size_t>(LZ4_compress_default(
        block.data(), to, static_cast<int>(block.size()), static_cast<int>(room)));
  }
  const size_t bytes =
      ZSTD_compressCCtx(zstd_->context, to, room, block.data(), block.size(), kZstdLevel);
  return ZSTD_isError(bytes) != 0 ? 0 : bytes;
}

std::string_view BlockCompressor::Prepared(std::string_view block) {
  if (!HasDeltas(codec_)) return block;
  with_deltas_.assign(block);
  PutDeltas(&with_deltas_);
  return with_deltas_;
}

std::string_view BlockCompressor::Compress(std::string_view block, std::string* stored,
                                           Codec* used) {
  *used = Codec::kNone;
  if (codec_ == Codec::kNone || block.size() < kLeastBytes || block.size() >= kMostBytes) {
    return block;
  }
  if (skip_ > 0) {
    --skip_;
    return block;
  }
  const size_t bytes = CompressTo(Prepared(block), stored);
  if (bytes == 0) {
    skip_ = std::min(++not_paid_, kMostSkipped);
    return block;
  }
  not_paid_ = 0;
  stored->resize(kHead + bytes);
  *used = codec_;
  return *stored;
}

Result<std::string> Decompress(uint32_t codec, std::string stored) {
  if (codec == static_cast<uint32_t>(Codec::kNone)) return stored;
  if (codec > static_cast<uint32_t>(Codec::kZstdDeltas)) {
    return Status::Incompatible("a block is compressed by codec " + std::to_string(codec) +
                                ", which this program does not know");
  }
  uint32_t size = 0;
  if (stored.size() >= kHead) std::memcpy(&size, stored.data(), kHead);
  std::string block;
  if (size > 0 && size < kMostBytes && size / kMostGain <= stored.size()) {
    block.resize(size);
    const std::string_view packed = std::string_view(stored).substr(kHead);
    const auto known = static_cast<Codec>(codec);
    if (DecompressTo(known, packed, &block) && (!HasDeltas(known) || TakeDeltas(&block))) {
      return block;
    }
  }
  return Status::Corruption("a block is not what its codec has made");
}

}  // namespace castor::gemini
