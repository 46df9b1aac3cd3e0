#include "connector/nexmark/split_cursor.h"

#include <charconv>
#include <string>

namespace castor::connector::nexmark {

// Id: "<first>/<stride>"; state: "<epoch> <offset>".
Split SplitCursor::ToSplit() const {
  return {std::to_string(first) + "/" + std::to_string(stride),
          std::to_string(epoch) + " " + std::to_string(offset)};
}

Result<SplitCursor> SplitCursor::FromSplit(const Split& split) {
  SplitCursor cursor;
  const auto read_two = [](const std::string& text, char between, int64_t* a, int64_t* b) {
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, *a);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != between) return false;
    const auto second = std::from_chars(first.ptr + 1, end, *b);
    return second.ec == std::errc() && second.ptr == end;
  };
  if (!read_two(split.id, '/', &cursor.first, &cursor.stride) ||
      !read_two(split.state, ' ', &cursor.epoch, &cursor.offset) || cursor.stride < 1 ||
      cursor.first < 0 || cursor.epoch < cursor.first || cursor.offset < 0) {
    return Status::Corruption("nexmark: split '" + split.id + "' with state '" + split.state +
                              "' cannot be read");
  }
  return cursor;
}

std::vector<Split> InitialSplits(int32_t parallelism) {
  // Enough for any parallelism a snapshot is likely to be restored at, few enough to merge cheaply.
  constexpr int32_t kAtLeast = 64;
  const int32_t per_reader = (kAtLeast + parallelism - 1) / parallelism;
  const int64_t count = int64_t{per_reader} * parallelism;
  std::vector<Split> splits;
  for (int64_t i = 0; i < count; ++i) splits.push_back(SplitCursor{i, count, i, 0}.ToSplit());
  return splits;
}

}  // namespace castor::connector::nexmark
