// What a list column holds for one list: where its elements stand in the child columns.
#pragma once

#include <cstdint>

namespace castor {

struct ListRef {
  int32_t offset;
  int32_t size;

  int32_t end() const { return offset + size; }
};
static_assert(sizeof(ListRef) == 8);

}  // namespace castor
