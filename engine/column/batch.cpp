#include "column/batch.h"

#include <algorithm>

#include "column/gather.h"

namespace castor {
namespace {

void CollectBuffers(const Column& column, std::vector<const Buffer*>* buffers) {
  if (column.values_buffer() != nullptr) buffers->push_back(column.values_buffer().get());
  if (column.validity_buffer() != nullptr) buffers->push_back(column.validity_buffer().get());
  for (const BufferPtr& buffer : column.string_buffers()) buffers->push_back(buffer.get());
  if (column.base() != nullptr) CollectBuffers(*column.base(), buffers);
  for (const ColumnPtr& child : column.children()) CollectBuffers(*child, buffers);
}

}  // namespace

Batch Batch::Slice(int32_t from, int32_t count) const {
  Batch slice;
  slice.num_rows = count;
  slice.columns.reserve(columns.size());
  for (const ColumnPtr& column : columns)
    slice.columns.push_back(castor::Slice(column, from, count));
  if (row_kinds != nullptr) {
    slice.row_kinds = Buffer::Wrap(row_kinds->data() + from, static_cast<size_t>(count), row_kinds);
  }
  return slice;
}

int64_t Batch::ByteSize() const {
  std::vector<const Buffer*> buffers;
  for (const ColumnPtr& column : columns) CollectBuffers(*column, &buffers);
  if (row_kinds != nullptr) buffers.push_back(row_kinds.get());
  // Columns share string buffers and dictionaries' bases.
  std::sort(buffers.begin(), buffers.end());
  buffers.erase(std::unique(buffers.begin(), buffers.end()), buffers.end());
  int64_t bytes = static_cast<int64_t>(marks.size() * sizeof(WatermarkMark));
  for (const Buffer* buffer : buffers) bytes += static_cast<int64_t>(buffer->size());
  return bytes;
}

}  // namespace castor
