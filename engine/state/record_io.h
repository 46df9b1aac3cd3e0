// Blobs of records that belong to no state: freeing and replacing them.
//
// Blob memory is malloc'ed per blob and charged to the state account. Not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/status.h"
#include "state/keyed_state.h"

namespace castor::state {

class RecordIo {
 public:
  explicit RecordIo(RecordLayout layout) : layout_(std::move(layout)) {}

  // Frees the blobs and zeroes the record.
  void Reset(std::byte* record) const;
  bool has_blobs() const { return !layout_.blob_offsets.empty(); }
  int32_t size() const { return layout_.fixed_size; }

  static Status SetBlob(Blob* blob, std::string_view bytes);
  static void FreeBlob(Blob* blob);

 private:
  const RecordLayout layout_;
};

}  // namespace castor::state
