// Random writes in runs, merged as they become due, and compared with a map that saw them all.
#include "gemini/tier/run_set.h"

#include <malloc.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "gemini/run/test_run.h"
#include "gemini/tier/section_filters.h"
#include "gemini/tier/write_merge.h"

namespace castor::gemini {
namespace {

using Model = std::map<std::pair<std::string, std::string>, std::string>;

// The bytes of the run that a merge writes.
std::string Merged(const RunSet::Merge& merge) {
  std::string bytes;
  RunWriter writer(std::make_unique<StringSink>(&bytes), {});
  EXPECT_TRUE(WriteMerge(merge, &writer).ok());
  EXPECT_TRUE(writer.Finish().ok());
  return bytes;
}

RunSet::Run RunOf(const std::string& bytes) {
  RunSet::Run run{*OpenRun(bytes), bytes.size()};
  run.filters = *run.file->ReadFilters();
  return run;
}

Position PositionOfKey(const std::string& key) {
  const auto hash = static_cast<uint32_t>(key.back()) % 5;
  return PositionOf(hash % 2, hash);
}

// What happens to the model and to one run while `operations` are done.
std::vector<OwnedEntry> Write(int operations, std::mt19937& random, Model* model) {
  std::map<std::pair<std::string, std::string>, OwnedEntry> changed;
  std::map<std::string, OwnedEntry> cleared;
  for (int i = 0; i < operations; ++i) {
    OwnedEntry entry;
    entry.key = "k" + std::to_string(random() % 30);
    entry.position = PositionOfKey(entry.key);
    const auto of_key = [&](const auto& item) { return item.first.first == entry.key; };
    if (random() % 20 == 0) {
      std::erase_if(*model, of_key);
      std::erase_if(changed, of_key);
      entry.kind = EntryKind::kClear;
      cleared[entry.key] = entry;
      continue;
    }
    if (random() % 3 != 0) entry.user_key = "u" + std::to_string(random() % 8);
    if (random() % 4 == 0) {
      entry.kind = EntryKind::kDelete;
      model->erase({entry.key, entry.user_key});
    } else {
      entry.value = std::to_string(random());
      (*model)[{entry.key, entry.user_key}] = entry.value;
    }
    changed[{entry.key, entry.user_key}] = entry;
  }
  std::vector<OwnedEntry> entries;
  for (auto& [key, entry] : changed) entries.push_back(std::move(entry));
  for (auto& [key, entry] : cleared) entries.push_back(std::move(entry));
  return entries;
}

void ExpectSame(const RunSet& set, const Model& model) {
  for (int k = 0; k < 32; ++k) {
    for (int u = -1; u < 9; ++u) {
      const std::string key = "k" + std::to_string(k);
      const std::string user_key = u < 0 ? "" : "u" + std::to_string(u);
      const auto found = set.Get({}, PositionOfKey(key), key, user_key);
      ASSERT_TRUE(found.ok()) << found.status().ToString();
      const auto expected = model.find({key, user_key});
      ASSERT_EQ(found->has_value(), expected != model.end()) << key << "/" << user_key;
      if (!found->has_value()) continue;
      EXPECT_EQ((*found)->value, expected->second);
      EXPECT_TRUE(SectionFilters(set, {}).MayContain(PositionOfKey(key), user_key));
    }
  }
}

TEST(RunSetTest, HoldsWhatWasWrittenWhileRunsAreMerged) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    std::mt19937 random(seed);
    RunSet set;
    Model model;
    size_t merges = 0;
    for (int round = 0; round < 30; ++round) {
      const std::vector<OwnedEntry> entries =
          Write(5 + static_cast<int>(random() % 60), random, &model);
      set.AddNewest(RunOf(WriteRun(entries, {.block_bytes = 128})));
      if (const auto merge = set.PickMerge({})) {
        const std::string bytes = Merged(*merge);
        const std::vector<OwnedEntry> meanwhile = Write(10, random, &model);
        set.AddNewest(RunOf(WriteRun(meanwhile)));
        ASSERT_TRUE(set.Replace(*merge, RunOf(bytes)).ok());
        ++merges;
      }
      ExpectSame(set, model);
    }
    EXPECT_GT(merges, 3u);
    EXPECT_LT(set.runs().size(), 12u);
  }
}

RunSet SetOfSizes(const std::vector<uint64_t>& newest_first) {
  RunSet set;
  for (size_t i = newest_first.size(); i-- > 0;) {
    RunSet::Run run = RunOf(WriteRun({}));
    run.bytes = newest_first[i];
    set.AddNewest(std::move(run));
  }
  return set;
}

size_t Picked(const std::vector<uint64_t>& newest_first) {
  const auto merge = SetOfSizes(newest_first).PickMerge({});
  return merge ? merge->inputs.size() : 0;
}

class CountingSource final : public io::ReadableFile {
 public:
  CountingSource(std::string bytes, int* reads) : source_(std::move(bytes)), reads_(reads) {}
  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    ++*reads_;
    return source_.ReadAt(offset, target, bytes);
  }
  Result<int64_t> Size() override { return source_.Size(); }
  const std::string& path() const override { return source_.path(); }

 private:
  StringSource source_;
  int* const reads_;
};

// All entries of a map begin at one position, which the index alone cannot tell apart.
TEST(RunSetTest, AnEntryOfALargeMapIsFoundInFewBlocks) {
  constexpr int kEntries = 10'000;
  std::vector<OwnedEntry> entries;
  for (const std::string key : {"a", "b"}) {
    const Position position = PositionOf(0, 7);  // the hashes collide
    entries.push_back({position, key, "", EntryKind::kClear, 0, ""});
    entries.push_back({position, key, "", EntryKind::kPut, 0, "none"});
    for (int i = 0; i < kEntries; ++i) {
      const std::string user_key = "u" + std::to_string(i);
      entries.push_back({position, key, user_key, EntryKind::kPut, 0, key + user_key});
    }
  }
  int reads = 0;
  const std::string bytes = WriteRun(entries, {.block_bytes = 512});
  RunSet set;
  set.AddNewest({*SortedRun::Open(std::make_unique<CountingSource>(bytes, &reads)), bytes.size()});
  set.AddNewest(RunOf(WriteRun({{PositionOf(0, 9), "c", "u", EntryKind::kPut, 0, ""}})));
  for (int i = 0; i < kEntries; i += 100) {
    const std::string user_key = "u" + std::to_string(i);
    reads = 0;
    const auto found = set.Get({}, PositionOf(0, 7), "b", user_key);
    ASSERT_TRUE(found.ok() && found->has_value()) << user_key;
    EXPECT_EQ((*found)->value, "b" + user_key);
    EXPECT_LE(reads, 12) << "of some thousand blocks";
  }
  EXPECT_EQ((*set.Get({}, PositionOf(0, 7), "b", ""))->value, "none");
  EXPECT_FALSE((*set.Get({}, PositionOf(0, 7), "b", "v")).has_value());
}

TEST(RunSetTest, RunsOfASizeAreMerged) {
  EXPECT_EQ(Picked({}), 0u);
  EXPECT_EQ(Picked({10}), 0u);
  EXPECT_EQ(Picked({10, 10, 10, 1000}), 0u);
  EXPECT_EQ(Picked({10, 10, 10, 10, 1000}), 4u);
  EXPECT_EQ(Picked({10, 20, 40, 60, 1000}), 4u);
  EXPECT_EQ(Picked({10, 10, 10, 10, 40}), 5u);
}

TEST(RunSetTest, GarbageInTheOldestRunIsBounded) {
  EXPECT_EQ(Picked({10, 1000, 3000}), 0u);
  EXPECT_EQ(Picked({10, 600, 1000}), 3u);
}

size_t PickedUnread(const std::vector<uint64_t>& newest_first, uint64_t live_bytes,
                    const MergeOptions& options = {}) {
  const auto merge = SetOfSizes(newest_first).PickUnreadMerge(options, live_bytes);
  return merge ? merge->inputs.size() : 0;
}

TEST(RunSetTest, RunsThatNobodyReadsAreMergedForTheirGarbage) {
  EXPECT_EQ(PickedUnread({}, 0), 0u);
  EXPECT_EQ(PickedUnread({1000}, 10), 0u) << "there is nothing that it could be merged with";
  EXPECT_EQ(PickedUnread({10, 10, 10, 10, 10, 10}, 60), 0u) << "runs of one cut";
  EXPECT_EQ(PickedUnread({10, 10, 10, 60}, 60), 0u);
  EXPECT_EQ(PickedUnread({10, 10, 10, 10, 60}, 60), 5u);
  EXPECT_EQ(PickedUnread({10, 10, 10, 60}, 20), 0u) << "in runs it takes more than in memory";
}

TEST(RunSetTest, RunsThatNobodyReadsAreNotTooMany) {
  EXPECT_EQ(PickedUnread({10, 10, 10, 10}, 1000, {.most_unread = 4}), 0u);
  EXPECT_EQ(PickedUnread({10, 10, 10, 10, 900}, 1000, {.most_unread = 4}), 4u);
}

TEST(RunSetTest, AMergeWhoseInputsHaveGoneIsRefused) {
  RunSet set = SetOfSizes({10, 10, 10, 10, 1000});
  const auto merge = set.PickMerge({});
  ASSERT_TRUE(set.Replace(*merge, RunOf(WriteRun({}))).ok());
  EXPECT_EQ(set.runs().size(), 2u);
  EXPECT_FALSE(set.Replace(*merge, RunOf(WriteRun({}))).ok());
}

size_t AllocatedBytes() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

// Remembers the most memory that there was while anything was written.
class WatchingSink final : public io::WritableFile {
 public:
  WatchingSink(std::string* bytes, size_t* most) : sink_(bytes), most_(most) {}
  Status Append(std::string_view bytes) override {
    *most_ = std::max(*most_, AllocatedBytes());
    return sink_.Append(bytes);
  }
  Status Sync() override { return Status::OK(); }
  Status Close() override { return Status::OK(); }
  int64_t size() const override { return sink_.size(); }
  const std::string& path() const override { return sink_.path(); }

 private:
  StringSink sink_;
  size_t* const most_;
};

// A merge of many entries takes memory for a filter, not for all of their hashes; and what has been
// overwritten has no part in the filters of later merges.
TEST(RunSetTest, AMergeTakesMemoryForItsFilterAlone) {
  constexpr uint32_t kEntries = 300'000;
  std::vector<OwnedEntry> entries;
  for (uint32_t i = 0; i < kEntries; ++i) {
    entries.push_back({PositionOf(0, i), "key", "", EntryKind::kPut, 0, ""});
  }
  const std::string bytes = WriteRun(entries);
  const RunSet::Run newer = RunOf(bytes);
  RunSet::Run merged = RunOf(bytes);
  for (int merges = 0; merges < 4; ++merges) {
    std::string written;
    written.reserve(2 * bytes.size());
    const size_t before = AllocatedBytes();
    size_t most = before;
    const RunSet::Merge merge{{newer, merged}, true};
    RunWriter writer(std::make_unique<WatchingSink>(&written, &most), {});
    ASSERT_TRUE(WriteMerge(merge, &writer).ok());
    ASSERT_TRUE(writer.Finish().ok());
    EXPECT_LE(most - before, 5 * kEntries);
    merged = RunOf(written);
    EXPECT_EQ(merged.file->sections().front().info.entries, kEntries);
    EXPECT_LE(merged.file->memory_bytes(), 2 * kEntries);
  }
}

// A section that is dropped while a merge runs is neither found nor written again, and a run of
// which nothing is left goes.
TEST(RunSetTest, DroppedSectionsDoNotCount) {
  const SectionId first{1, 10}, second{1, 20};
  const OwnedEntry entry{PositionOf(0, 7), "k", "", EntryKind::kPut, 0, "v"};
  RunSet set;
  set.AddNewest(RunOf(WriteRun({entry}, {}, first)));
  set.AddNewest(RunOf(WriteRun({entry}, {}, second)));
  const RunSet::Merge merge{set.runs(), true};
  set.Drop(first);
  EXPECT_EQ(set.PartitionsOf(1), std::set<int64_t>{20});
  EXPECT_FALSE(SectionFilters(set, first).MayContain(entry.position, {}));
  EXPECT_FALSE((*set.Get(first, entry.position, "k", {})).has_value());

  ASSERT_TRUE(set.Replace(merge, RunOf(Merged(merge))).ok());
  EXPECT_FALSE((*set.Get(first, entry.position, "k", {})).has_value());
  EXPECT_TRUE((*set.Get(second, entry.position, "k", {})).has_value());

  // What comes later counts, and a merge leaves out what has been dropped.
  set.AddNewest(RunOf(WriteRun({entry}, {}, first)));
  EXPECT_TRUE((*set.Get(first, entry.position, "k", {})).has_value());
  set.Drop(second);
  const RunSet::Merge all{set.runs(), true};
  EXPECT_EQ((*OpenRun(Merged(all)))->sections().size(), 1u);
  set.RemoveEmpty();
  EXPECT_EQ(set.runs().size(), 1u);
}

class ExpiryTest : public testing::Test {
 protected:
  static OwnedEntry Put(const std::string& key, int64_t time) {
    return {PositionOf(0, 7), key, "", EntryKind::kPut, time, "v"};
  }
  static OwnedEntry Of(EntryKind kind, const std::string& key, int64_t time) {
    return {PositionOf(0, 7), key, "", kind, time, ""};
  }
  // The entries that a merge of these runs of table 1, newest first, writes at a time when what was
  // written up to 100 has expired.
  static std::vector<OwnedEntry> Merged(const std::vector<std::vector<OwnedEntry>>& newest_first,
                                        bool complete, uint32_t table_with_ttl = 1) {
    RunSet::Merge merge;
    for (const auto& entries : newest_first) {
      merge.inputs.push_back(RunOf(WriteRun(entries, {}, kSection)));
    }
    merge.complete = complete;
    merge.expired_by[table_with_ttl] = 100;
    RunSet set;
    set.AddNewest(RunOf(gemini::Merged(merge)));
    const std::shared_ptr<SortedRun> run = set.runs()[0].file;
    RunCursor cursor(*run, *run->Find(kSection), {});
    std::vector<OwnedEntry> entries;
    while (*cursor.Next()) entries.push_back(Owned(cursor.entry()));
    return entries;
  }

  static constexpr SectionId kSection{1, 0};
};

TEST_F(ExpiryTest, AMergeOfAllDropsWhatHasExpiredAndNothingElse) {
  const std::vector<OwnedEntry> entries = {Put("at", 100), Put("before", 1), Put("never", 0),
                                           Put("young", 101)};
  EXPECT_EQ(Merged({entries}, true), (std::vector{entries[2], entries[3]}));
  EXPECT_EQ(Merged({entries}, true, /*table_with_ttl=*/2), entries);
}

// Only the newest counts, however old or young what it hides is.
TEST_F(ExpiryTest, WhatHasExpiredBringsNothingOlderBack) {
  EXPECT_EQ(Merged({{Put("k", 50)}, {Put("k", 150)}}, true), std::vector<OwnedEntry>());
  EXPECT_EQ(Merged({{Put("k", 150)}, {Put("k", 50)}}, true), std::vector{Put("k", 150)});
}

TEST_F(ExpiryTest, AMergeOfSomeGoesOnHidingWhatIsInOlderRuns) {
  const OwnedEntry deletion = Of(EntryKind::kDelete, "b", 50);
  const OwnedEntry clear = Of(EntryKind::kClear, "c", 50);
  EXPECT_EQ(Merged({{Put("a", 50), deletion, clear}}, false),
            (std::vector{Of(EntryKind::kDelete, "a", 0), deletion, clear}));
  EXPECT_EQ(Merged({{Put("a", 50), deletion, clear}}, true), std::vector<OwnedEntry>());
}

}  // namespace
}  // namespace castor::gemini
