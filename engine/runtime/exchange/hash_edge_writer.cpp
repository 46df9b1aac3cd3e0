#include "runtime/exchange/hash_edge_writer.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"

namespace castor::runtime {

HashEdgeWriter::HashEdgeWriter(const LogicalType& row, std::vector<int32_t> keys,
                               std::vector<Channel*> targets, const EdgeWriterOptions& options)
    : EdgeWriter(std::move(targets), options), encoder_(row, std::move(keys)) {
  const auto parallelism = static_cast<int32_t>(target_count());
  for (int32_t group = 0; group < options.max_parallelism; ++group) {
    target_of_group_.push_back(
        static_cast<uint16_t>(SubtaskOfKeyGroup(group, parallelism, options.max_parallelism)));
  }
}

void HashEdgeWriter::Partition(const Batch& batch) {
  const auto count = static_cast<size_t>(batch.num_rows);
  encoder_.Encode(batch, &keys_);
  target_of_row_.resize(count);
  rows_.resize(count);
  begin_.assign(target_count() + 1, 0);
  const int32_t groups = options().max_parallelism;
  for (size_t row = 0; row < count; ++row) {
    const auto group = static_cast<size_t>(KeyGroupOf(keys_.hashes[row], groups));
    const uint16_t target = target_of_group_[group];
    target_of_row_[row] = target;
    ++begin_[target + size_t{1}];
  }
  for (size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  fill_.assign(begin_.begin(), begin_.end() - 1);
  for (size_t row = 0; row < count; ++row) {
    rows_[static_cast<size_t>(fill_[target_of_row_[row]]++)] = static_cast<int32_t>(row);
  }
}

void HashEdgeWriter::Write(const Batch& batch) {
  if (batch.num_rows > 0) {
    Partition(batch);
  } else {
    begin_.assign(target_count() + 1, 0);
  }
  for (size_t target = 0; target < target_count(); ++target) {
    const int32_t* rows = rows_.data() + begin_[target];
    const int32_t count = begin_[target + 1] - begin_[target];
    if (count == 0 && batch.marks.empty()) continue;
    if (count == batch.num_rows) {
      Gather(target, batch);
      continue;
    }
    Batch piece;
    if (count > 0) piece = castor::Gather(batch, rows, count);
    WriteMarks(batch, target, &piece);
    Gather(target, std::move(piece));
  }
}

// Each mark goes before the first of the target's rows that stood behind it; of several at the same
// place the last says all.
void HashEdgeWriter::WriteMarks(const Batch& batch, size_t target, Batch* piece) const {
  const int32_t* begin = rows_.data() + begin_[target];
  const int32_t* end = rows_.data() + begin_[target + 1];
  for (const WatermarkMark& mark : batch.marks) {
    const auto row = static_cast<int32_t>(std::lower_bound(begin, end, mark.row) - begin);
    if (!piece->marks.empty() && piece->marks.back().row == row) {
      piece->marks.back().watermark = mark.watermark;
    } else {
      piece->marks.push_back({row, mark.watermark});
    }
  }
}

}  // namespace castor::runtime
