#include "aggregate/record_layout.h"

#include <algorithm>

namespace castor::aggregate {
namespace {

int32_t RoundUp(int32_t value, int32_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

state::RecordLayout LayoutBuilder::Finish(int32_t reserved_bytes) {
  std::stable_sort(fields_.begin(), fields_.end(),
                   [](const Field& a, const Field& b) { return a.alignment > b.alignment; });
  // Reserved bytes that end in the middle of 16: the first smaller field fills the gap.
  if (reserved_bytes % 16 != 0) {
    const auto filler = std::find_if(fields_.begin(), fields_.end(), [](const Field& field) {
      return field.alignment == 8 && field.size % 16 != 0;
    });
    if (filler != fields_.end()) std::rotate(fields_.begin(), filler, filler + 1);
  }
  state::RecordLayout layout;
  int32_t end = reserved_bytes;
  for (const Field& field : fields_) {
    *field.offset = RoundUp(end, field.alignment);
    end = *field.offset + field.size;
    if (field.blob) layout.blob_offsets.push_back(*field.offset);
  }
  layout.fixed_size = RoundUp(std::max(end, 1), 16);
  return layout;
}

}  // namespace castor::aggregate
