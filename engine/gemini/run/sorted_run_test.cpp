#include "gemini/run/sorted_run.h"

#include <map>
#include <optional>
#include <random>

#include "gemini/run/run_cursor.h"
#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

// Many keys with equal hashes, so that a hash's entries reach over blocks.
std::vector<OwnedEntry> RandomEntries(uint32_t seed, int count) {
  std::mt19937 random(seed);
  std::map<std::pair<std::string, std::string>, OwnedEntry> entries;
  for (int i = 0; i < count; ++i) {
    const uint32_t hash = random() % 40;
    OwnedEntry entry;
    entry.position = PositionOf(hash % 7, hash);
    entry.key = std::to_string(hash + 40 * (random() % 3));
    if (random() % 2 == 0) entry.user_key = "u" + std::to_string(random() % 30);
    if (random() % 8 == 0) entry.kind = EntryKind::kDelete;
    if (random() % 2 == 0) entry.time = 1 + random() % 1000;
    if (entry.kind == EntryKind::kPut) entry.value.assign(random() % 60, 'v');
    entries[{entry.key, entry.user_key}] = entry;
  }
  std::vector<OwnedEntry> list;
  for (auto& [key, entry] : entries) list.push_back(entry);
  return list;
}

TEST(SortedRunTest, HoldsWhatWasWrittenInOrder) {
  const std::vector<OwnedEntry> entries = RandomEntries(1, 3000);
  const auto run = OpenRun(WriteRun(entries, {.block_bytes = 256}));
  ASSERT_TRUE(run.ok()) << run.status().ToString();
  const SortedRun::Section* section = (*run)->Find({});
  ASSERT_NE(section, nullptr);
  EXPECT_EQ(section->info.entries, entries.size());
  EXPECT_GT(section->index.size(), 10u);

  RunCursor cursor(**run, *section, {});
  std::vector<OwnedEntry> found;
  while (*cursor.Next()) found.push_back(Owned(cursor.entry()));
  ASSERT_EQ(found.size(), entries.size());
  for (size_t i = 1; i < found.size(); ++i) {
    EXPECT_LT(Compare(found[i - 1].view(), found[i].view()), 0);
  }
  for (const OwnedEntry& entry : entries) {
    EXPECT_EQ(std::count(found.begin(), found.end(), entry), 1);
  }
}

TEST(SortedRunTest, FindsEveryEntryThroughFilterAndIndex) {
  const std::vector<OwnedEntry> entries = RandomEntries(2, 2000);
  const auto run = OpenRun(WriteRun(entries, {.block_bytes = 200}));
  const SortedRun::Section& section = *(*run)->Find({});
  const auto filters = *(*run)->ReadFilters();
  for (const OwnedEntry& entry : entries) {
    const auto hash = static_cast<uint32_t>(entry.position);
    EXPECT_TRUE(filters->at(0).MayContain(FilterHash(hash)));
    if (!entry.user_key.empty()) {
      EXPECT_TRUE(filters->at(0).MayContain(FilterHash(hash, entry.user_key)));
    }
    std::optional<OwnedEntry> found;
    for (size_t i = section.FirstBlock(entry.position); !found && i < section.index.size(); ++i) {
      if (section.index[i].first > entry.position) break;
      const Block block = *(*run)->ReadBlock(section.index[i]);
      if (const auto hit = block.Find(entry.position, entry.key, entry.user_key)) {
        found = Owned(*hit);
      }
    }
    EXPECT_EQ(found, entry);
  }
}

TEST(SortedRunTest, ARangeOfKeyGroupsIsWalkedAlone) {
  const std::vector<OwnedEntry> entries = RandomEntries(3, 2000);
  const auto run = OpenRun(WriteRun(entries, {.block_bytes = 300}));
  for (uint32_t first = 0; first < 8; ++first) {
    for (uint32_t last = first; last < 8; ++last) {
      RunCursor cursor(**run, *(*run)->Find({}), PositionRange::OfKeyGroups(first, last));
      int64_t count = 0;
      while (*cursor.Next()) ++count;
      EXPECT_EQ(count, std::count_if(entries.begin(), entries.end(), [&](const OwnedEntry& e) {
                  return KeyGroupAt(e.position) >= first && KeyGroupAt(e.position) <= last;
                }));
    }
  }
}

TEST(SortedRunTest, SectionsAreFoundByTableAndPartition) {
  std::string bytes;
  RunWriter writer(std::make_unique<StringSink>(&bytes), {});
  const std::vector<SectionId> ids = {{0, -5}, {0, 7}, {3, 0}};
  for (const SectionId id : ids) {
    ASSERT_TRUE(writer.BeginSection(id).ok());
    const std::string key = std::to_string(id.partition);
    ASSERT_TRUE(writer.Add({PositionOf(1, 2), key, "", EntryKind::kPut, 0, "x"}).ok());
  }
  ASSERT_TRUE(writer.Finish().ok());
  const auto run = OpenRun(bytes);
  for (const SectionId id : ids) {
    const SortedRun::Section* section = (*run)->Find(id);
    ASSERT_NE(section, nullptr);
    RunCursor cursor(**run, *section, {});
    ASSERT_TRUE(*cursor.Next());
    EXPECT_EQ(cursor.entry().key, std::to_string(id.partition));
  }
  EXPECT_EQ((*run)->Find({1, 0}), nullptr);
}

TEST(SortedRunTest, WhatIsOutOfOrderIsRefused) {
  std::string bytes;
  RunWriter writer(std::make_unique<StringSink>(&bytes), {});
  EXPECT_FALSE(writer.Add({}).ok());
  ASSERT_TRUE(writer.BeginSection({1, 0}).ok());
  ASSERT_TRUE(writer.Add({5, "b", "", EntryKind::kPut, 0, ""}).ok());
  EXPECT_FALSE(writer.Add({5, "a", "", EntryKind::kPut, 0, ""}).ok());
  EXPECT_FALSE(writer.Add({5, "b", "", EntryKind::kPut, 0, ""}).ok());
  EXPECT_FALSE(writer.Add({5, "b", "", EntryKind::kClear, 0, ""}).ok());
  EXPECT_FALSE(writer.BeginSection({1, 0}).ok());
}

// Whatever byte is changed or cut off: an error, never other entries.
TEST(SortedRunTest, DamageIsFound) {
  const std::vector<OwnedEntry> entries = RandomEntries(4, 60);
  const std::string good = WriteRun(entries, {.block_bytes = 200});
  const auto read = [](const std::string& bytes) -> Status {
    CASTOR_ASSIGN_OR_RETURN(const auto run, OpenRun(bytes));
    CASTOR_RETURN_NOT_OK(run->ReadFilters().status());
    for (const SortedRun::Section& section : run->sections()) {
      RunCursor cursor(*run, section, {});
      while (true) {
        CASTOR_ASSIGN_OR_RETURN(const bool more, cursor.Next());
        if (!more) break;
      }
    }
    return Status::OK();
  };
  ASSERT_TRUE(read(good).ok());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    EXPECT_EQ(read(bad).code(), StatusCode::kCorruption) << "byte " << i << " of " << good.size();
    EXPECT_EQ(read(good.substr(0, i)).code(), StatusCode::kCorruption) << "cut to " << i;
  }
}

}  // namespace
}  // namespace castor::gemini
