#include "gemini/remote/cached_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace castor::gemini {

uint32_t CachedReader::pages() const {
  return static_cast<uint32_t>((parts_.size + page_bytes() - 1) / page_bytes());
}

Result<int64_t> CachedReader::ReadAt(int64_t offset, void* target, int64_t bytes) {
  const int64_t end = std::min(offset + bytes, parts_.size);
  if (offset >= end) return int64_t{0};
  auto* to = static_cast<char*>(target);
  const auto last = static_cast<uint32_t>((end - 1) / page_bytes());
  std::string fetched;  // pages from `fetched_first` on
  uint32_t fetched_first = 0;
  for (int64_t at = offset; at < end;) {
    const auto page = static_cast<uint32_t>(at / page_bytes());
    const int64_t start = int64_t{page} * page_bytes();
    const int64_t count = std::min(end, start + page_bytes()) - at;
    const auto within = static_cast<int32_t>(at - start);
    int64_t in_fetched = at - int64_t{fetched_first} * page_bytes();
    bool there = in_fetched + count <= static_cast<int64_t>(fetched.size());
    if (!there &&
        !parts_.cache->Read({parts_.number, page}, within, to, static_cast<int32_t>(count))) {
      CASTOR_ASSIGN_OR_RETURN(fetched, Fetch(page, last));
      fetched_first = page;
      in_fetched = within;
      there = true;
    }
    if (there) std::memcpy(to, fetched.data() + in_fetched, static_cast<size_t>(count));
    to += count;
    at += count;
  }
  return end - offset;
}

// A page for who jumps about; for who reads on, twice as many as the last time.
Result<std::string> CachedReader::Fetch(uint32_t first, uint32_t last) {
  std::atomic<uint64_t>& stream = StreamAt(first);
  const uint64_t known = stream.load(std::memory_order_relaxed);
  const bool reads_on = known != 0 && known >> 32 == first;
  const uint32_t window =
      reads_on ? std::min(2 * static_cast<uint32_t>(known), parts_.pages_ahead) : 1;
  const uint32_t wanted = std::min(last - first + 1, parts_.pages_ahead);
  const uint32_t count = CountMissing(first, std::max(wanted, window));
  stream.store(uint64_t{first + count} << 32 | window, std::memory_order_relaxed);
  return ReadRemote(first, count);
}

// That of who has stopped there, or one to be begun.
std::atomic<uint64_t>& CachedReader::StreamAt(uint32_t page) {
  const uint32_t turn = turn_.fetch_add(1, std::memory_order_relaxed);
  std::atomic<uint64_t>* free = nullptr;
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    std::atomic<uint64_t>& each = streams_[(turn + i) % streams_.size()];
    const uint64_t known = each.load(std::memory_order_relaxed);
    if (known != 0 && known >> 32 == page) return each;
    if (free == nullptr && static_cast<uint32_t>(known) <= 1) free = &each;
  }
  return free == nullptr ? streams_[turn % streams_.size()] : *free;
}

uint32_t CachedReader::CountMissing(uint32_t first, uint32_t most) const {
  const uint32_t end = std::min(first + most, pages());
  uint32_t page = first + 1;
  while (page < end && !parts_.cache->Has({parts_.number, page})) ++page;
  return page - first;
}

Status CachedReader::FetchFrom(uint32_t page) {
  const uint32_t end = std::min(page + parts_.pages_ahead, pages());
  while (page < end && parts_.cache->Has({parts_.number, page})) ++page;
  if (page >= end) return Status::OK();
  return ReadRemote(page, CountMissing(page, end - page)).status();
}

Result<std::string> CachedReader::ReadRemote(uint32_t first, uint32_t count) {
  CASTOR_ASSIGN_OR_RETURN(io::ReadableFile * remote, Remote());
  const int64_t start = int64_t{first} * page_bytes();
  const int64_t bytes = std::min(int64_t{count} * page_bytes(), parts_.size - start);
  std::string read(static_cast<size_t>(bytes), '\0');
  CASTOR_ASSIGN_OR_RETURN(const int64_t got, remote->ReadAt(start, read.data(), bytes));
  if (got != bytes) {
    return Status::Corruption(parts_.path + " ends after " + std::to_string(start + got) +
                              " bytes instead of " + std::to_string(parts_.size));
  }
  const std::string_view all = read;
  for (uint32_t i = 0; i < count; ++i) {
    const auto at = static_cast<size_t>(i * page_bytes());
    parts_.cache->Add({parts_.number, first + i},
                      all.substr(at, static_cast<size_t>(page_bytes())));
  }
  return read;
}

Result<io::ReadableFile*> CachedReader::Remote() {
  const std::lock_guard lock(mutex_);
  if (remote_ == nullptr) {
    CASTOR_ASSIGN_OR_RETURN(remote_, parts_.remote->OpenForRead(parts_.path));
  }
  return remote_.get();
}

}  // namespace castor::gemini
