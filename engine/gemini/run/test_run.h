// Runs in memory, for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gemini/run/run_writer.h"
#include "gemini/run/sorted_run.h"

namespace castor::gemini {

class StringSink final : public io::WritableFile {
 public:
  explicit StringSink(std::string* bytes) : bytes_(bytes) {}
  Status Append(std::string_view bytes) override {
    bytes_->append(bytes);
    return Status::OK();
  }
  Status Sync() override { return Status::OK(); }
  Status Close() override { return Status::OK(); }
  int64_t size() const override { return static_cast<int64_t>(bytes_->size()); }
  const std::string& path() const override { return path_; }

 private:
  std::string* const bytes_;
  const std::string path_ = "run";
};

class StringSource final : public io::ReadableFile {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    const auto at = std::min<size_t>(static_cast<size_t>(offset), bytes_.size());
    const auto count = std::min<size_t>(static_cast<size_t>(bytes), bytes_.size() - at);
    std::memcpy(target, bytes_.data() + at, count);
    return static_cast<int64_t>(count);
  }
  Result<int64_t> Size() override { return static_cast<int64_t>(bytes_.size()); }
  const std::string& path() const override { return path_; }

 private:
  const std::string bytes_;
  const std::string path_ = "run";
};

// An entry that owns its bytes.
struct OwnedEntry {
  Position position;
  std::string key, user_key;
  EntryKind kind = EntryKind::kPut;
  int64_t time = 0;
  std::string value;

  Entry view() const { return {position, key, user_key, kind, time, value}; }
  friend bool operator==(const OwnedEntry&, const OwnedEntry&) = default;
};

inline OwnedEntry Owned(const Entry& entry) {
  return {entry.position, std::string(entry.key),  std::string(entry.user_key), entry.kind,
          entry.time,     std::string(entry.value)};
}

// The bytes of a run of one section with these entries, in any order.
inline std::string WriteRun(std::vector<OwnedEntry> entries, RunWriterOptions options = {},
                            SectionId section = {}) {
  std::sort(entries.begin(), entries.end(), [](const OwnedEntry& a, const OwnedEntry& b) {
    return Compare(a.view(), b.view()) < 0;
  });
  std::string bytes;
  RunWriter writer(std::make_unique<StringSink>(&bytes), options);
  EXPECT_TRUE(writer.BeginSection(section).ok());
  for (const OwnedEntry& entry : entries) {
    const Status status = writer.Add(entry.view());
    EXPECT_TRUE(status.ok()) << status.ToString();
  }
  const auto footer = writer.Finish();
  EXPECT_TRUE(footer.ok()) << footer.status().ToString();
  return bytes;
}

inline Result<std::shared_ptr<SortedRun>> OpenRun(std::string bytes) {
  return SortedRun::Open(std::make_unique<StringSource>(std::move(bytes)));
}

}  // namespace castor::gemini
