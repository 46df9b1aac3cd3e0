#include "gemini/memory/timer_table.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "gemini/memory/hash_bytes.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

using namespace record_flag;

constexpr size_t kTimeBytes = sizeof(uint64_t);
constexpr uint64_t kSign = uint64_t{1} << 63;
// A heap may hold so many deleted records besides as many as it has others.
constexpr size_t kMostDeleted = 64;
constexpr uint32_t kBucketNumbers = uint32_t{1} << 30;

// The first of a heap is the earliest.
constexpr auto kLater = [](const auto& a, const auto& b) { return a.time > b.time; };

}  // namespace

void TimerPage::Clear() {
  timers_.clear();
  bytes_.clear();
}

void TimerPage::Add(const TimerView& timer) {
  timers_.push_back({timer.time, timer.key_hash, static_cast<uint32_t>(bytes_.size()),
                     static_cast<uint32_t>(timer.key.size()),
                     static_cast<uint32_t>(timer.name_space.size())});
  bytes_.append(timer.key).append(timer.name_space);
}

TimerView TimerPage::operator[](size_t i) const {
  const Timer& timer = timers_[i];
  const char* begin = bytes_.data() + timer.begin;
  return {timer.time,
          timer.key_hash,
          {begin, timer.key_bytes},
          {begin + timer.key_bytes, timer.name_space_bytes}};
}

TimerTable::TimerTable(MemoryTier* tier, uint16_t number, TimerTableOptions options)
    : tier_(tier),
      number_(number),
      options_(std::move(options)),
      index_(kKeyOffset),
      recent_(buckets_.end()) {}

std::string TimerTable::UserKey(const TimerView& timer) {
  const uint64_t time = __builtin_bswap64(static_cast<uint64_t>(timer.time) ^ kSign);
  std::string user_key(reinterpret_cast<const char*>(&time), kTimeBytes);
  return user_key.append(timer.name_space);
}

bool TimerTable::ParseUserKey(std::string_view user_key, TimerView* timer) {
  if (user_key.size() < kTimeBytes) return false;
  uint64_t time;
  std::memcpy(&time, user_key.data(), kTimeBytes);
  timer->time = static_cast<int64_t>(__builtin_bswap64(time) ^ kSign);
  timer->name_space = user_key.substr(kTimeBytes);
  return true;
}

TimerView TimerTable::ViewOf(std::byte* record) {
  const std::string_view bytes = KeyOf(record, kKeyOffset);
  const Info* info = InfoOf(record);
  TimerView timer{0, info->key_hash, bytes.substr(info->user_key_bytes), {}};
  ParseUserKey(bytes.substr(0, info->user_key_bytes), &timer);
  return timer;
}

int64_t TimerTable::BucketOf(int64_t time) const {
  const int64_t bucket = time / options_.bucket_ms;
  return time % options_.bucket_ms < 0 ? bucket - 1 : bucket;
}

TimerTable::Buckets::iterator TimerTable::BucketAt(int64_t time) {
  const int64_t bucket = BucketOf(time);
  if (recent_ == buckets_.end() || recent_->first != bucket) {
    MakeBucket(bucket);
  }
  return recent_;
}

TimerTable::Bucket* TimerTable::MakeBucket(int64_t bucket) {
  bool is_new = false;
  std::tie(recent_, is_new) = buckets_.try_emplace(bucket);
  if (is_new) recent_->second.number = next_number_++ % kBucketNumbers;
  return &recent_->second;
}

TimerTable::Bucket* TimerTable::BucketOfRecord(std::byte* record) {
  const auto at = buckets_.find(BucketOf(TimeOf(record)));
  const bool its = at != buckets_.end() && at->second.number == InfoOf(record)->bucket;
  return its ? &at->second : nullptr;
}

bool TimerTable::Outdated(std::byte* record) const {
  const auto dropped = freeing_.find(InfoOf(record)->bucket);
  if (dropped == freeing_.end()) return false;
  return tier_->phase_ != MemoryTier::CutPhase::kSaving || dropped->second.cut != tier_->cuts_;
}

uint32_t TimerTable::Compose(const TimerView& timer) {
  const uint64_t time = __builtin_bswap64(static_cast<uint64_t>(timer.time) ^ kSign);
  scratch_.assign(reinterpret_cast<const char*>(&time), kTimeBytes);
  scratch_.append(timer.name_space).append(timer.key);
  return HashBytes(scratch_, timer.key_hash);
}

uint64_t TimerTable::Locate(const TimerView& timer, uint32_t hash) {
  index_.Reserve(1);
  const size_t user_key_bytes = kTimeBytes + timer.name_space.size();
  return index_.Locate(hash, [&](const std::byte* record) {
    return InfoOf(const_cast<std::byte*>(record))->user_key_bytes == user_key_bytes &&
           KeyOf(record, kKeyOffset) == scratch_;
  });
}

std::byte* TimerTable::Add(const TimerView& timer, uint64_t position, uint32_t hash,
                           uint8_t flags) {
  std::byte* record =
      tier_->heap_.Allocate(RecordBytes(sizeof(Info), scratch_.size()), RecordHeap::Use::kRecord);
  *HeaderOf(record) = {hash, 0, number_, static_cast<uint8_t>(flags | kLive), 0};
  Info* info = InfoOf(record);
  info->key_hash = timer.key_hash;
  info->user_key_bytes = static_cast<uint32_t>(kTimeBytes + timer.name_space.size());
  info->where = Where::kQueued;
  info->bucket = BucketAt(timer.time)->second.number % kBucketNumbers;
  WriteKey(record, kKeyOffset, scratch_);
  index_.Put(position, hash, record);
  return record;
}

void TimerTable::Register(const TimerView& timer) {
  const uint32_t hash = Compose(timer);
  uint64_t at = Locate(timer, hash);
  std::byte* record = index_.At(at);
  if (record != nullptr && IsDeleted(HeaderOf(record)) && BucketOfRecord(record) == nullptr) {
    Forget(record);
    at = Locate(timer, hash);
    record = nullptr;
  }
  if (record == nullptr) {
    record = Add(timer, at, hash, kReferenced);
    tier_->Tagged(record);
    return Enqueue(&BucketAt(timer.time)->second, record, timer.time);
  }
  RecordHeader* header = HeaderOf(record);
  if (!IsDeleted(header)) return;
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(record);
  header->flags = header->flags & ~kDeleted;
  --tier_->deleted_;
  Bucket* bucket = &BucketAt(timer.time)->second;
  if (InfoOf(record)->where == Where::kGone) {
    TakeOut(bucket, record);
    return Enqueue(bucket, record, timer.time);
  }
  ++bucket->live;
  ++live_;
}

// What a dropped bucket says of a timer that is registered anew.
void TimerTable::Forget(std::byte* record) {
  index_.Remove(record);
  InfoOf(record)->where = Where::kForgotten;
}

void TimerTable::Enqueue(Bucket* bucket, std::byte* record, int64_t time) {
  Info* info = InfoOf(record);
  info->where = Where::kQueued;
  info->place = static_cast<uint32_t>(bucket->items.size());
  bucket->items.push_back({time, record});
  if (bucket->heaped) std::push_heap(bucket->items.begin(), bucket->items.end(), kLater);
  ++bucket->live;
  ++live_;
}

void TimerTable::TakeOut(Bucket* bucket, std::byte* record) {
  const uint32_t place = InfoOf(record)->place;
  if (InfoOf(record)->where == Where::kGone) {
    bucket->gone[place] = bucket->gone.back();
    InfoOf(bucket->gone[place])->place = place;
    bucket->gone.pop_back();
  } else {
    bucket->items[place] = bucket->items.back();
    InfoOf(bucket->items[place].record)->place = place;
    bucket->items.pop_back();
  }
}

bool TimerTable::Delete(const TimerView& timer) {
  const uint32_t hash = Compose(timer);
  std::byte* record = index_.At(Locate(timer, hash));
  if (record == nullptr) {
    const auto bucket = buckets_.find(BucketOf(timer.time));
    return bucket == buckets_.end() || !bucket->second.cold;
  }
  if (IsDeleted(HeaderOf(record))) return true;
  const auto at = BucketAt(timer.time);
  Bucket* bucket = &at->second;
  MarkDeleted(record);
  --bucket->live;
  --live_;
  if (!bucket->heaped) {
    TakeOut(bucket, record);
    BeGone(bucket, record);
  } else if (bucket->items.size() > 2 * bucket->live + kMostDeleted) {
    Purge(bucket);
  }
  DropIfEmpty(at);
  return true;
}

void TimerTable::DeleteStored(const TimerView& timer) {
  const uint32_t hash = Compose(timer);
  std::byte* record = Add(timer, Locate(timer, hash), hash, kStored);
  Bucket* bucket = &BucketAt(timer.time)->second;
  bucket->stored = true;
  tier_->Tagged(record);
  MarkDeleted(record);
  BeGone(bucket, record);
}

void TimerTable::MarkDeleted(std::byte* record) {
  RecordHeader* header = HeaderOf(record);
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(record);
  header->flags = header->flags | kDeleted;
  ++tier_->deleted_;
}

void TimerTable::BeGone(Bucket* bucket, std::byte* record) {
  if ((HeaderOf(record)->flags & kStored) == 0) return Free(record);
  InfoOf(record)->where = Where::kGone;
  InfoOf(record)->place = static_cast<uint32_t>(bucket->gone.size());
  bucket->gone.push_back(record);
}

void TimerTable::MakeHeap(Bucket* bucket) {
  if (bucket->heaped) return;
  bucket->heaped = true;
  std::make_heap(bucket->items.begin(), bucket->items.end(), kLater);
}

std::byte* TimerTable::PopFirst(Bucket* bucket) {
  std::pop_heap(bucket->items.begin(), bucket->items.end(), kLater);
  std::byte* record = bucket->items.back().record;
  bucket->items.pop_back();
  return record;
}

void TimerTable::Purge(Bucket* bucket) {
  std::erase_if(bucket->items, [&](const Item& item) {
    if (!IsDeleted(HeaderOf(item.record))) return false;
    BeGone(bucket, item.record);
    return true;
  });
  std::make_heap(bucket->items.begin(), bucket->items.end(), kLater);
}

int64_t TimerTable::NextTime() {
  if (buckets_.empty()) return kNever;
  const auto& [number, bucket] = *buckets_.begin();
  if (bucket.cold) return number * options_.bucket_ms;
  Bucket* first = &buckets_.begin()->second;
  MakeHeap(first);
  while (IsDeleted(HeaderOf(first->items.front().record))) BeGone(first, PopFirst(first));
  return first->items.front().time;
}

bool TimerTable::PopDue(int64_t until, size_t most, TimerPage* page, int64_t* cold_bucket) {
  while (!buckets_.empty() && page->size() < most) {
    const auto at = buckets_.begin();
    Bucket* bucket = &at->second;
    if (at->first > BucketOf(until)) return true;
    if (bucket->cold) {
      *cold_bucket = at->first;
      return false;
    }
    MakeHeap(bucket);
    while (page->size() < most && !bucket->items.empty() && bucket->items.front().time <= until) {
      std::byte* record = PopFirst(bucket);
      if (!IsDeleted(HeaderOf(record))) {
        page->Add(ViewOf(record));
        MarkDeleted(record);
        --bucket->live;
        --live_;
      }
      BeGone(bucket, record);
    }
    if (bucket->live > 0) return true;
    DropIfEmpty(at);
  }
  return true;
}

void TimerTable::DropIfEmpty(Buckets::iterator at) {
  Bucket& bucket = at->second;
  if (bucket.live > 0 || bucket.cold) return;
  if (bucket.stored) dropped_.push_back(at->first);
  bucket.cut = tier_->phase_ == MemoryTier::CutPhase::kSaving ? tier_->cuts_ : 0;
  if (!bucket.items.empty() || !bucket.gone.empty()) {
    freeing_.emplace(bucket.number, std::move(bucket));
  }
  buckets_.erase(at);
  recent_ = buckets_.end();
}

void TimerTable::AddColdBucket(int64_t number) {
  Bucket* bucket = MakeBucket(number);
  bucket->cold = true;
  bucket->stored = true;
}

void TimerTable::Load(const TimerView& timer) {
  const uint32_t hash = Compose(timer);
  const uint64_t at = Locate(timer, hash);
  if (index_.At(at) != nullptr) return;
  std::byte* record = Add(timer, at, hash, kStored | kReferenced);
  Enqueue(&BucketAt(timer.time)->second, record, timer.time);
}

void TimerTable::Loaded(int64_t number) {
  const auto at = buckets_.find(number);
  if (at == buckets_.end()) return;
  at->second.cold = false;
  DropIfEmpty(at);
}

// A deletion is what the cut on its way has to know of it.
void TimerTable::Free(std::byte* record) {
  if (tier_->AwaitsCut(record)) tier_->SaveForCut(record);
  if (IsDeleted(HeaderOf(record))) --tier_->deleted_;
  if (InfoOf(record)->where != Where::kForgotten) index_.Remove(record);
  tier_->FreeRecord(record);
}

bool TimerTable::FreeSome(size_t records) {
  for (; records > 0 && !freeing_.empty(); --records) {
    Bucket& bucket = freeing_.begin()->second;
    if (!bucket.items.empty()) {
      Free(bucket.items.back().record);
      bucket.items.pop_back();
    } else {
      Free(bucket.gone.back());
      bucket.gone.pop_back();
    }
    if (bucket.items.empty() && bucket.gone.empty()) freeing_.erase(freeing_.begin());
  }
  return !freeing_.empty();
}

void TimerTable::Save(std::byte* record, EntryBuffer* buffer) {
  const RecordHeader* header = HeaderOf(record);
  const bool deleted = IsDeleted(header);
  if ((deleted && (header->flags & kStored) == 0) || Outdated(record)) return;
  const TimerView timer = ViewOf(record);
  Entry entry;
  entry.position = tier_->PositionOfHash(timer.key_hash);
  entry.key = timer.key;
  entry.user_key = KeyOf(record, kKeyOffset).substr(0, InfoOf(record)->user_key_bytes);
  entry.kind = deleted ? EntryKind::kDelete : EntryKind::kPut;
  buffer->Add({options_.table, BucketOf(timer.time)}, entry);
  if (Bucket* bucket = BucketOfRecord(record)) bucket->stored = true;
}

// Those of the near bucket are needed soon.
void TimerTable::Evict(std::byte* record) {
  Bucket* bucket = BucketOfRecord(record);
  if (bucket == nullptr) return;
  if (InfoOf(record)->where == Where::kQueued) {
    if (bucket->heaped) return;
    bucket->cold = true;
    --bucket->live;
    --live_;
  }
  TakeOut(bucket, record);
  Free(record);
}

bool TimerTable::Move(std::byte* record) {
  Bucket* bucket = BucketOfRecord(record);
  if (bucket == nullptr) return false;
  const Info* info = InfoOf(record);
  if (info->where == Where::kQueued && bucket->heaped) return false;
  std::byte* to = tier_->CopyRecord(record);
  (info->where == Where::kGone ? bucket->gone[info->place] : bucket->items[info->place].record) =
      to;
  index_.Replace(record, to);
  tier_->FreeRecord(record);
  return true;
}

void TimerTable::Tidy(std::byte* record, int64_t, bool in_flight) {
  if (!IsDeleted(HeaderOf(record)) || InfoOf(record)->where != Where::kGone) return;
  if (TagOf(HeaderOf(record)) != Tag::kClean || in_flight) return;
  Bucket* bucket = BucketOfRecord(record);
  if (bucket == nullptr) return;
  TakeOut(bucket, record);
  Free(record);
}

}  // namespace castor::gemini
