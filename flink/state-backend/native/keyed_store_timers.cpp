// Timers of the task, in batches: what it has registered and removed, and the earliest.
#include <cstring>
#include <limits>
#include <string>

#include "flink/state-backend/native/keyed_store.h"
#include "flink/state-backend/native/timer_bytes.h"

namespace castor::flink {
namespace {

uint32_t NumberAt(std::string_view bytes) {
  uint32_t number;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return __builtin_bswap32(number);
}

// As Java reads it.
void AppendNumber(uint32_t number, Exchange* exchange, size_t* size) {
  const uint32_t swapped = __builtin_bswap32(number);
  exchange->Append({reinterpret_cast<const char*>(&swapped), sizeof(swapped)}, size);
}
void AppendTime(int64_t time, Exchange* exchange, size_t* size) {
  const uint64_t swapped = __builtin_bswap64(static_cast<uint64_t>(time));
  exchange->Append({reinterpret_cast<const char*>(&swapped), sizeof(swapped)}, size);
}

// The end of the table's bucket in which the time is; no timer of the bucket is later.
int64_t LastOfBucket(const gemini::TimerTable& table, int64_t time) {
  const int64_t width = table.options().bucket_ms;
  const int64_t bucket = table.BucketOf(time);
  constexpr int64_t kLast = std::numeric_limits<int64_t>::max();
  return bucket >= kLast / width ? kLast : (bucket + 1) * width - 1;
}

}  // namespace

Status KeyedStore::ChangeTimers(uint32_t table_number, uint32_t bytes) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find({table_number, 0, 0}, Kind::kTimers));
  std::string_view rest = exchange_.At(0, bytes);
  while (!rest.empty()) {
    if (rest.size() < 2 * sizeof(uint32_t)) return Status::Internal("a timer is cut short");
    const auto group = NumberAt(rest);
    const auto marked_size = static_cast<int32_t>(NumberAt(rest.substr(sizeof(group))));
    const auto size = static_cast<uint32_t>(marked_size < 0 ? ~marked_size : marked_size);
    rest.remove_prefix(2 * sizeof(uint32_t));
    if (size > rest.size()) return Status::Internal("a timer is cut short");
    TimerBytes timer(rest.substr(0, size));
    const gemini::TimerView view = timer.View(hash_.Of(group, timer.hashed()));
    if (marked_size < 0) {
      store_->Delete(table->timers, view);
    } else {
      store_->Register(table->timers, view);
    }
    rest.remove_prefix(size);
  }
  Done(bytes);
  return Status::OK();
}

Result<int64_t> KeyedStore::PopTimers(uint32_t table_number, size_t most) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(const Table* table, Find({table_number, 0, 0}, Kind::kTimers));
  gemini::TimerTable& timers = *table->timers;
  due_.Clear();
  // What a bucket has may have been removed, which is known when it has been read.
  while (!timers.empty() && due_.empty()) {
    const int64_t until = LastOfBucket(timers, timers.NextTime());
    CASTOR_RETURN_NOT_OK(Await([&] { return store_->PopDue(&timers, until, most, &due_); }));
  }
  size_t size = 0;
  AppendTime(timers.NextTime(), &exchange_, &size);
  AppendNumber(timers.empty() ? 0 : 1, &exchange_, &size);
  for (size_t i = 0; i < due_.size(); ++i) {
    const std::string user_key = gemini::TimerTable::UserKey(due_[i]);
    const std::string_view timer = TimerBytes::Of(due_[i].key, user_key);
    AppendNumber(static_cast<uint32_t>(timer.size()), &exchange_, &size);
    exchange_.Append(timer, &size);
  }
  Done(size);
  return static_cast<int64_t>(size);
}

}  // namespace castor::flink
