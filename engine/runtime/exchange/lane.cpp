#include "runtime/exchange/lane.h"

#include <span>
#include <utility>

#include "column/gather.h"

namespace castor::runtime {
namespace {

// `pieces` as one batch, with their marks.
Batch Merge(std::vector<Batch>& pieces) {
  if (pieces.size() == 1) return std::move(pieces.front());
  std::vector<WatermarkMark> marks;
  std::vector<Batch> with_rows;
  int32_t before = 0;
  for (Batch& piece : pieces) {
    for (const WatermarkMark& mark : piece.marks) {
      marks.push_back({mark.row + before, mark.watermark});
    }
    before += piece.num_rows;
    if (piece.num_rows > 0) with_rows.push_back(std::move(piece));
  }
  Batch merged;
  if (with_rows.size() == 1) merged = std::move(with_rows.front());
  if (with_rows.size() > 1) merged = Concat(std::span<const Batch>(with_rows));
  merged.marks = std::move(marks);
  return merged;
}

}  // namespace

void Lane::Send(Batch batch) {
  Flush();
  backlog_.emplace_back(std::move(batch));
}

void Lane::Gather(Batch piece) {
  constexpr int32_t kLargeEnough = 4;  // a quarter of the target size
  if (pieces_.empty() && piece.num_rows >= batch_rows_ / kLargeEnough)
    return Send(std::move(piece));
  rows_ += piece.num_rows;
  pieces_.push_back(std::move(piece));
  if (rows_ >= batch_rows_) Flush();
}

void Lane::SendControl(Element element) {
  Flush();
  backlog_.push_back(std::move(element));
}

void Lane::Flush() {
  if (pieces_.empty()) return;
  backlog_.emplace_back(Merge(pieces_));
  pieces_.clear();
  rows_ = 0;
}

bool Lane::Drain() {
  while (!backlog_.empty()) {
    if (!channel_->TryPush(backlog_.front())) return false;
    backlog_.pop_front();
  }
  return true;
}

}  // namespace castor::runtime
