// What writing and reading runs takes of memory is what is charged, however large a filter is.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>

#include "base/memory.h"
#include "base/page_allocator.h"
#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

constexpr uint32_t kKeys = 1'000'000;    // a filter of 1.3 MB
constexpr int64_t kAllowed = 300 << 10;  // buffers

int64_t HeapBytes() {
  const auto heap = ::mallinfo2();
  return static_cast<int64_t>(heap.uordblks + heap.hblkhd) + MappedPageBytes();
}

// The most that the heap has had beyond what was charged, looked at whenever a file is used.
class Watch {
 public:
  void Look() {
    most_ = std::max(most_, HeapBytes() - heap_ - (MemoryAccount::State().used() - charged_));
  }
  int64_t most() const { return most_; }

 private:
  const int64_t heap_ = HeapBytes(), charged_ = MemoryAccount::State().used();
  int64_t most_ = 0;
};

class WatchedSink final : public io::WritableFile {
 public:
  explicit WatchedSink(Watch* watch) : watch_(watch) {}
  Status Append(std::string_view bytes) override {
    watch_->Look();
    size_ += static_cast<int64_t>(bytes.size());
    return Status::OK();
  }
  Status Sync() override { return Status::OK(); }
  Status Close() override { return Status::OK(); }
  int64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  Watch* const watch_;
  int64_t size_ = 0;
  const std::string path_ = "run";
};

template <typename Add>
void ForEachEntry(const Add& add) {
  for (uint32_t i = 0; i < kKeys; ++i) {
    const std::string_view key(reinterpret_cast<const char*>(&i), sizeof(i));
    add(Entry{PositionOf(0, i), key, {}, EntryKind::kPut, 0, "value"});
  }
}

TEST(RunMemoryTest, WhatAWriterTakesIsCharged) {
  Watch watch;
  RunWriter writer(std::make_unique<WatchedSink>(&watch), {});
  constexpr uint64_t kFilterBytes = 2 * kKeys;
  ASSERT_TRUE(writer.BeginSection({}, kFilterBytes).ok());
  ForEachEntry([&](const Entry& entry) { ASSERT_TRUE(writer.Add(entry).ok()); });
  ASSERT_TRUE(writer.FinishUnsynced().ok());
  watch.Look();
  EXPECT_EQ(writer.TakeFilters().size(), 1u);
  EXPECT_LT(watch.most(), kAllowed);
}

TEST(RunMemoryTest, FiltersAreReadWithoutACopy) {
  std::string bytes;
  RunWriter writer(std::make_unique<StringSink>(&bytes), {});
  ASSERT_TRUE(writer.BeginSection({}).ok());
  ForEachEntry([&](const Entry& entry) { ASSERT_TRUE(writer.Add(entry).ok()); });
  ASSERT_TRUE(writer.Finish().ok());

  class WatchedSource final : public io::ReadableFile {
   public:
    explicit WatchedSource(std::string content) : source_(std::move(content)) {}
    Result<int64_t> ReadAt(int64_t offset, void* target, int64_t count) override {
      if (watch != nullptr) watch->Look();
      return source_.ReadAt(offset, target, count);
    }
    Result<int64_t> Size() override { return source_.Size(); }
    const std::string& path() const override { return source_.path(); }
    Watch* watch = nullptr;

   private:
    StringSource source_;
  };
  auto owned = std::make_unique<WatchedSource>(std::move(bytes));
  WatchedSource& source = *owned;
  const auto run = SortedRun::Open(std::move(owned));
  ASSERT_TRUE(run.ok());
  Watch watch;
  source.watch = &watch;
  const auto filters = (*run)->ReadFilters();
  ASSERT_TRUE(filters.ok());
  watch.Look();
  EXPECT_LT(watch.most(), static_cast<int64_t>((*run)->filter_bytes()) + kAllowed);
}

}  // namespace
}  // namespace castor::gemini
