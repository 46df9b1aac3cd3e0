// What Arrow's libraries allocate, charged to the buffers' memory account.
#pragma once

namespace arrow {
class MemoryPool;
}

namespace castor::arrow_memory {

// Thread-safe; lives as long as the process.
arrow::MemoryPool* ChargedPool();

}  // namespace castor::arrow_memory
