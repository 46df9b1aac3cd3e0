// Lays the fields of several accumulators out in one record: large alignments first, so that there
// are no holes, and the flags of all calls end up beside each other. Used once, while compiling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "state/keyed_state.h"

namespace castor::aggregate {

class LayoutBuilder {
 public:
  // A field of 1, 2, 4, 8 or 16 bytes, aligned to its size; its offset is written by `Finish`.
  void Add(int32_t size, int32_t* offset) { fields_.push_back({size, size, offset, false}); }
  void AddStruct(size_t size, size_t alignment, int32_t* offset) {
    fields_.push_back({static_cast<int32_t>(size), static_cast<int32_t>(alignment), offset, false});
  }
  void AddBlob(int32_t* offset) { fields_.push_back({16, 8, offset, true}); }

  state::RecordLayout Finish(int32_t reserved_bytes);

 private:
  struct Field {
    int32_t size;
    int32_t alignment;
    int32_t* offset;
    bool blob;
  };
  std::vector<Field> fields_;
};

}  // namespace castor::aggregate
