// Blocks of memory that buffers have given back, kept for the next ones of their thread.
//
// Every batch takes and gives back a dozen buffers of the same few sizes. The C library splits and
// merges free memory around each aligned block, and gives pages back that the next batch faults in
// again; a block from here is the one used last, often still in the cache. Sizes are rounded up to
// four steps per power of two. Each thread keeps at most kMaxIdleBytes, and less where the process
// may take little, charged to the account of buffers; a buffer may be given back on another thread
// than it was taken on, and then stays there.
#pragma once

#include <cstddef>

namespace castor {

class BlockCache {
 public:
  // Multiples of kAlignment, aligned to it.
  static constexpr size_t kAlignment = 64;
  // Larger blocks go straight to the C library.
  static constexpr size_t kMaxBlock = size_t{256} << 10;
  static constexpr size_t kMaxIdleBytes = size_t{4} << 20;

  // At least `bytes`; throws std::bad_alloc when there is no memory.
  static void* Allocate(size_t bytes);
  // Of that what a thread may keep now.
  static size_t MaxIdleBytes();

  // What the calling thread keeps goes to the C library.
  static void GiveBackIdle();

  // `bytes` as given to Allocate.
  static void Free(void* block, size_t bytes);

  // What Allocate really takes for `bytes`.
  static size_t RoundUp(size_t bytes);
};

}  // namespace castor
