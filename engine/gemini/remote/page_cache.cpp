#include "gemini/remote/page_cache.h"

#include <algorithm>
#include <utility>

namespace castor::gemini {

PageCache::PageCache(std::unique_ptr<io::ScratchFile> file, PageCacheOptions options)
    : file_(std::move(file)),
      options_(options),
      most_slots_(static_cast<size_t>(
          std::min<int64_t>(options.capacity / options.page_bytes, INT32_MAX))) {}

uint64_t PageCache::NewFile() {
  const std::lock_guard lock(mutex_);
  pages_.try_emplace(++files_);
  return files_;
}

std::optional<uint32_t> PageCache::Find(Page page) const {
  const auto file = pages_.find(page.file);
  if (file == pages_.end() || page.number >= file->second.size()) return std::nullopt;
  const uint32_t slot = file->second[page.number];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

bool PageCache::Has(Page page) const {
  const std::lock_guard lock(mutex_);
  const std::optional<uint32_t> slot = Find(page);
  return slot && !slots_[*slot].filling;
}

bool PageCache::Read(Page page, int32_t offset, char* target, int32_t bytes) {
  std::optional<uint32_t> found;
  {
    const std::lock_guard lock(mutex_);
    found = Find(page);
    if (!found || slots_[*found].filling || offset + bytes > slots_[*found].bytes) {
      ++counts_.misses;
      return false;
    }
    ++slots_[*found].readers;
    slots_[*found].used = true;
  }
  const uint32_t number = *found;
  const Result<int64_t> got = file_->ReadAt(OffsetOf(number) + offset, target, bytes);
  const bool whole = got.ok() && *got == bytes;
  const std::lock_guard lock(mutex_);
  --slots_[number].readers;
  ++(whole ? counts_.hits : counts_.misses);
  if (!whole) Refused(number);
  FreeIfLeft(number);
  return whole;
}

void PageCache::Add(Page page, std::string_view bytes) {
  std::optional<uint32_t> taken;
  {
    const std::lock_guard lock(mutex_);
    const auto file = pages_.find(page.file);
    if (file == pages_.end() || Find(page)) return;
    taken = TakeSlot();
    if (!taken) return;
    slots_[*taken] = {page.file, page.number,      static_cast<int32_t>(bytes.size()),
                      0,         /*filling=*/true, false};
    Slots& of_file = file->second;
    if (page.number >= of_file.size()) {
      page_table_ += page.number + 1 - of_file.size();
      of_file.resize(page.number + 1);
    }
    of_file[page.number] = *taken + 1;
    ChargeMemory();
  }
  const Status written = file_->WriteAt(OffsetOf(*taken), bytes);
  const std::lock_guard lock(mutex_);
  slots_[*taken].filling = false;
  if (!written.ok()) return Refused(*taken);
  FreeIfLeft(*taken);
}

// The slot is not tried again, and neither are those that there would be beside it: there is no
// room, or the disk is broken.
void PageCache::Refused(uint32_t slot) {
  ++counts_.refused;
  if (slots_[slot].file != 0) Unmap(slot);
  slots_[slot].filling = true;
  most_slots_ = std::min(most_slots_, slots_.size());
}

void PageCache::Unmap(uint32_t number) {
  Slot& slot = slots_[number];
  pages_[slot.file][slot.page] = 0;
  slot.file = 0;
}

void PageCache::FreeIfLeft(uint32_t slot) {
  if (slots_[slot].file == 0 && slots_[slot].at_rest()) free_.push_back(slot);
}

size_t PageCache::Growth() const {
  if (slots_.size() >= most_slots_) return 0;
  const Result<int64_t> free = file_->FreeBytes();
  if (!free.ok()) return 0;
  const int64_t pages = std::max<int64_t>(*free - options_.preserved, 0) / options_.page_bytes;
  return std::min(static_cast<size_t>(pages), most_slots_ - slots_.size());
}

size_t PageCache::Room() const {
  const std::lock_guard lock(mutex_);
  return free_.size() + Growth();
}

std::optional<uint32_t> PageCache::TakeSlot() {
  if (!free_.empty()) {
    const uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  if (Growth() > 0) {
    slots_.emplace_back();
    return static_cast<uint32_t>(slots_.size() - 1);
  }
  return PassHand();
}

std::optional<uint32_t> PageCache::PassHand() {
  for (size_t passed = 0; passed < 2 * slots_.size(); ++passed) {
    const size_t at = hand_;
    hand_ = (hand_ + 1) % slots_.size();
    Slot& slot = slots_[at];
    if (slot.file == 0 || !slot.at_rest()) continue;
    if (std::exchange(slot.used, false)) continue;
    Unmap(static_cast<uint32_t>(at));
    return static_cast<uint32_t>(at);
  }
  return std::nullopt;
}

void PageCache::Forget(uint64_t file) {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(file);
  if (found == pages_.end()) return;
  Empty(&found->second);
  pages_.erase(found);
  ChargeMemory();
}

void PageCache::Clear() {
  const std::lock_guard lock(mutex_);
  for (auto& [file, pages] : pages_) Empty(&pages);
  ChargeMemory();
}

void PageCache::Empty(Slots* pages) {
  for (const uint32_t slot : *pages) {
    if (slot == 0) continue;
    slots_[slot - 1].file = 0;
    FreeIfLeft(slot - 1);
  }
  page_table_ -= pages->size();
  pages->clear();
}

void PageCache::ChargeMemory() {
  const size_t bytes = slots_.capacity() * sizeof(Slot) + free_.capacity() * sizeof(uint32_t) +
                       page_table_ * sizeof(uint32_t);
  charge_.Set(static_cast<int64_t>(bytes));
}

PageCache::Counts PageCache::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

int64_t PageCache::disk_bytes() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(slots_.size()) * options_.page_bytes;
}

}  // namespace castor::gemini
