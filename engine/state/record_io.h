// Records with blobs: writing them to snapshots, reading them back, freeing and replacing their
// blobs.
//
// Blob memory is malloc'ed per blob and charged to the state account. Not thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/status.h"
#include "state/keyed_state.h"
#include "state/snapshot_format.h"

namespace castor::state {

class RecordIo {
 public:
  explicit RecordIo(RecordLayout layout) : layout_(std::move(layout)) {}

  void Save(const std::byte* record, BlockWriter* out) const;
  Status Load(BlockReader* in, std::byte* record) const;
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
