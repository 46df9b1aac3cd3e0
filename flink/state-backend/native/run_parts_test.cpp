#include "flink/state-backend/native/run_parts.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gemini/run/run_cursor.h"
#include "gemini/run/test_run.h"

namespace castor::flink {
namespace {

using gemini::OwnedEntry;
using gemini::PositionRange;

constexpr uint32_t kGroups = 8;
constexpr uint64_t kLeastGap = 1000;

std::vector<OwnedEntry> Entries() {
  std::vector<OwnedEntry> entries;
  for (uint32_t i = 0; i < 4000; ++i) {
    entries.push_back({gemini::PositionOf(i % kGroups, i), "key " + std::to_string(i), "",
                       gemini::EntryKind::kPut, 0, std::string(50, 'v')});
  }
  return entries;
}

std::string RunOfAll() {
  gemini::RunWriterOptions options;
  options.key_groups = kGroups;
  options.block_bytes = 512;
  return gemini::WriteRun(Entries(), options);
}

std::vector<FilePart> Parts(const std::string& run, PositionRange range) {
  auto parts = PartsOf(std::make_unique<gemini::StringSource>(run), range, kLeastGap);
  EXPECT_TRUE(parts.ok()) << parts.status().ToString();
  return *parts;
}

std::string OnlyParts(const std::string& run, const std::vector<FilePart>& parts) {
  std::string copy(run.size(), '?');
  for (const FilePart& part : parts) {
    copy.replace(part.offset, part.bytes, run, part.offset, part.bytes);
  }
  return copy;
}

std::vector<std::string> KeysIn(std::string bytes, PositionRange range) {
  const auto run = *gemini::OpenRun(std::move(bytes));
  EXPECT_TRUE(run->ReadFilters().ok());
  gemini::RunCursor cursor(*run, run->sections()[0], range);
  std::vector<std::string> keys;
  while (true) {
    const Result<bool> more = cursor.Next();
    EXPECT_TRUE(more.ok()) << more.status().ToString();
    if (!more.ok() || !*more) return keys;
    keys.emplace_back(cursor.entry().key);
  }
}

TEST(RunPartsTest, PartsAreTheRunForItsKeyGroups) {
  const std::string run = RunOfAll();
  for (uint32_t first = 0; first < kGroups; ++first) {
    for (uint32_t last = first; last < kGroups; ++last) {
      const auto range = PositionRange::OfKeyGroups(first, last);
      const std::vector<std::string> keys = KeysIn(OnlyParts(run, Parts(run, range)), range);
      EXPECT_EQ(keys.size(), size_t{500} * (last - first + 1));
      EXPECT_EQ(keys, KeysIn(run, range));
    }
  }
}

TEST(RunPartsTest, WhatIsOfOtherKeyGroupsIsLeftOut) {
  const std::string run = RunOfAll();
  uint64_t bytes = 0;
  for (const FilePart& part : Parts(run, PositionRange::OfKeyGroups(3, 4))) bytes += part.bytes;
  EXPECT_LT(bytes, run.size() * 2 / 5);
  EXPECT_EQ(Parts(run, PositionRange::OfKeyGroups(0, kGroups - 1)),
            (std::vector<FilePart>{{0, run.size()}}));
}

TEST(RunPartsTest, SmallGapsAreNotLeftOut) {
  const std::string run = RunOfAll();
  const auto parts = PartsOf(std::make_unique<gemini::StringSource>(run),
                             PositionRange::OfKeyGroups(3, 4), run.size());
  EXPECT_EQ(*parts, (std::vector<FilePart>{{0, run.size()}}));
}

TEST(RunPartsTest, WhatIsNoRunIsAnError) {
  EXPECT_EQ(
      PartsOf(std::make_unique<gemini::StringSource>("no run"), {}, kLeastGap).status().code(),
      StatusCode::kCorruption);
}

}  // namespace
}  // namespace castor::flink
