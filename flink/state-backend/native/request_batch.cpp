#include "flink/state-backend/native/request_batch.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace castor::flink {
namespace {

struct Head {
  int32_t kind, table, group, key_bytes, user_key_bytes, value_bytes;
  int64_t time;
};
static_assert(sizeof(Head) == 32);

constexpr size_t kEntryBytes = 2 * sizeof(int32_t);
constexpr auto kLastKind = static_cast<int32_t>(RequestKind::kClear);

}  // namespace

Status RequestBatch::Parse(std::string_view message) {
  const Status cut_short = Status::Internal("a batch of requests is cut short");
  int32_t count;
  if (message.size() < sizeof(count)) return cut_short;
  std::memcpy(&count, message.data(), sizeof(count));
  message.remove_prefix(sizeof(count));
  requests_.clear();
  for (; count > 0; --count) {
    Head head;
    if (message.size() < sizeof(head)) return cut_short;
    std::memcpy(&head, message.data(), sizeof(head));
    message.remove_prefix(sizeof(head));
    const int64_t bytes = int64_t{head.key_bytes} + head.user_key_bytes + head.value_bytes;
    const bool sensible = std::min({head.key_bytes, head.user_key_bytes, head.value_bytes}) >= 0 &&
                          head.kind >= 0 && head.kind <= kLastKind;
    if (!sensible || bytes > static_cast<int64_t>(message.size())) return cut_short;
    const auto take = [&](int32_t size) {
      const std::string_view taken = message.substr(0, static_cast<size_t>(size));
      message.remove_prefix(taken.size());
      return taken;
    };
    Request& request = requests_.emplace_back();
    request.kind = static_cast<RequestKind>(head.kind);
    request.table = static_cast<uint32_t>(head.table);
    request.group = static_cast<uint32_t>(head.group);
    request.time = head.time;
    request.key = take(head.key_bytes);
    request.user_key = take(head.user_key_bytes);
    request.value = take(head.value_bytes);
  }
  by_table_.resize(requests_.size());
  std::iota(by_table_.begin(), by_table_.end(), 0);
  std::stable_sort(by_table_.begin(), by_table_.end(),
                   [&](uint32_t a, uint32_t b) { return requests_[a].table < requests_[b].table; });
  return Status::OK();
}

void RequestBatch::BeginAnswers() {
  size_ = requests_.size() * kEntryBytes;
  answers_.Reserve(size_);
  std::memset(answers_.data(), 0, size_);
}

void RequestBatch::SetEntry(uint32_t number, int64_t begin, int64_t size) {
  const int32_t entry[] = {static_cast<int32_t>(begin), static_cast<int32_t>(size)};
  std::memcpy(answers_.data() + number * kEntryBytes, entry, sizeof(entry));
}

Result<int64_t> RequestBatch::EndAnswers() const {
  if (size_ > std::numeric_limits<int32_t>::max()) {
    return Status::ResourceExhausted("answers to a batch of requests have " +
                                     std::to_string(size_) +
                                     " bytes; 2 GiB is the most that can be read at once");
  }
  return static_cast<int64_t>(size_);
}

}  // namespace castor::flink
