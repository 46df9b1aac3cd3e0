#include "flink/state-backend/native/run_parts.h"

#include <algorithm>
#include <utility>

#include "gemini/run/sorted_run.h"

namespace castor::flink {
namespace {

// Collects what is left between gaps that are told in their order.
class Parts {
 public:
  Parts(uint64_t file_bytes, uint64_t least_gap) : end_(file_bytes), least_gap_(least_gap) {}

  // Not of bytes before the gap that was told last, as a damaged index might.
  void LeaveOut(uint64_t begin, uint64_t end) {
    if (begin < next_ || end < begin || end > end_ || end - begin < least_gap_) return;
    if (begin > next_) parts_.push_back({next_, begin - next_});
    next_ = end;
  }

  std::vector<FilePart> Take() {
    if (next_ < end_) parts_.push_back({next_, end_ - next_});
    return std::move(parts_);
  }

 private:
  const uint64_t end_;
  const uint64_t least_gap_;
  uint64_t next_ = 0;
  std::vector<FilePart> parts_;
};

// Blocks of a section lie one behind the other.
void LeaveOut(const gemini::BlockIndex& blocks, size_t first, size_t last, Parts* parts) {
  if (first >= last) return;
  parts->LeaveOut(blocks[first].offset, blocks[last - 1].offset + blocks[last - 1].stored_bytes);
}

}  // namespace

Result<std::vector<FilePart>> PartsOf(std::unique_ptr<io::ReadableFile> run,
                                      gemini::PositionRange range, uint64_t least_gap) {
  CASTOR_ASSIGN_OR_RETURN(const int64_t file_bytes, run->Size());
  CASTOR_ASSIGN_OR_RETURN(const auto opened, gemini::SortedRun::Open(std::move(run)));
  Parts parts(static_cast<uint64_t>(file_bytes), least_gap);
  for (const gemini::SortedRun::Section& section : opened->sections()) {
    const auto& blocks = section.index;
    const size_t first = section.FirstBlock(range.begin);
    const auto behind = std::lower_bound(
        blocks.begin(), blocks.end(), range.end,
        [](const gemini::BlockHandle& block, gemini::Position end) { return block.first < end; });
    LeaveOut(blocks, 0, first, &parts);
    LeaveOut(blocks, std::max(first, static_cast<size_t>(behind - blocks.begin())), blocks.size(),
             &parts);
  }
  return parts.Take();
}

}  // namespace castor::flink
