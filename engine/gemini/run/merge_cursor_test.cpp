// Runs of random puts, deletions and clears, merged and compared with a map that saw them in turn.
#include <map>
#include <random>

#include "gemini/run/run_cursor.h"
#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

using Model = std::map<std::pair<std::string, std::string>, std::string>;  // (key, user key)

class History {
 public:
  explicit History(uint32_t seed) : random_(seed) {}

  // One more run, newer than those before, and the model as it is after it.
  void AddRun() {
    std::map<std::pair<std::string, std::string>, OwnedEntry> puts;
    std::map<std::string, OwnedEntry> clears;
    for (int i = 0; i < 40; ++i) {
      const uint32_t hash = random_() % 12;
      OwnedEntry entry;
      entry.key = "k" + std::to_string(hash % 6 + random_() % 2);
      entry.user_key = "u" + std::to_string(random_() % 5);
      entry.position = PositionOf(entry.key.size() % 3, static_cast<uint32_t>(entry.key.back()));
      switch (random_() % 10) {
        case 0:
          Clear(entry, &puts);
          entry.kind = EntryKind::kClear;
          entry.user_key.clear();
          clears[entry.key] = entry;
          break;
        case 1:
        case 2:
          entry.kind = EntryKind::kDelete;
          model_.erase({entry.key, entry.user_key});
          puts[{entry.key, entry.user_key}] = entry;
          break;
        default:
          entry.value = std::to_string(random_());
          model_[{entry.key, entry.user_key}] = entry.value;
          puts[{entry.key, entry.user_key}] = entry;
      }
    }
    std::vector<OwnedEntry> entries;
    for (auto& [key, entry] : puts) entries.push_back(entry);
    for (auto& [key, entry] : clears) entries.push_back(entry);
    runs_.push_back(*OpenRun(WriteRun(entries, {.block_bytes = 100})));
  }

  // Merges runs [begin, end).
  std::vector<OwnedEntry> Merge(size_t begin, size_t end, bool complete) const {
    std::vector<std::unique_ptr<RunCursor>> cursors;
    for (size_t i = end; i-- > begin;) {
      cursors.push_back(
          std::make_unique<RunCursor>(*runs_[i], *runs_[i]->Find({}), PositionRange()));
    }
    MergeCursor merged(std::move(cursors), complete);
    std::vector<OwnedEntry> entries;
    while (*merged.Next()) entries.push_back(Owned(merged.entry()));
    return entries;
  }

  void Replace(size_t begin, size_t end, std::shared_ptr<SortedRun> run) {
    runs_.erase(runs_.begin() + static_cast<long>(begin), runs_.begin() + static_cast<long>(end));
    runs_.insert(runs_.begin() + static_cast<long>(begin), std::move(run));
  }

  size_t runs() const { return runs_.size(); }
  const Model& model() const { return model_; }

 private:
  void Clear(const OwnedEntry& entry,
             std::map<std::pair<std::string, std::string>, OwnedEntry>* puts) {
    const auto of_key = [&](const auto& item) { return item.first.first == entry.key; };
    std::erase_if(model_, of_key);
    std::erase_if(*puts, of_key);
  }

  std::mt19937 random_;
  Model model_;
  std::vector<std::shared_ptr<SortedRun>> runs_;
};

Model ModelOf(const std::vector<OwnedEntry>& entries) {
  Model model;
  for (const OwnedEntry& entry : entries) {
    EXPECT_EQ(entry.kind, EntryKind::kPut);
    EXPECT_TRUE(model.insert({{entry.key, entry.user_key}, entry.value}).second);
  }
  return model;
}

TEST(MergeCursorTest, GivesWhatHoldsAfterAllRuns) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    History history(seed);
    for (int i = 0; i < 5; ++i) {
      history.AddRun();
      EXPECT_EQ(ModelOf(history.Merge(0, history.runs(), true)), history.model())
          << "seed " << seed;
    }
  }
}

// Some neighbouring runs merged into one stand for them: deletions and clears are kept.
TEST(MergeCursorTest, APartialMergeChangesNothing) {
  for (uint32_t seed = 0; seed < 50; ++seed) {
    History history(seed + 1000);
    for (int i = 0; i < 6; ++i) history.AddRun();
    const size_t begin = seed % 4, end = begin + 2 + seed % 2;
    const std::vector<OwnedEntry> merged = history.Merge(begin, end, begin == 0);
    history.Replace(begin, end, *OpenRun(WriteRun(merged, {.block_bytes = 100})));
    EXPECT_EQ(ModelOf(history.Merge(0, history.runs(), true)), history.model()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace castor::gemini
