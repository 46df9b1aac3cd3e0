#include "connector/nexmark/nexmark_reader.h"

#include <gtest/gtest.h>

#include <set>

#include "column/column.h"

namespace castor::connector::nexmark {
namespace {

class NexmarkReaderTest : public ::testing::Test {
 protected:
  std::unique_ptr<NexmarkReader> MakeReader(std::vector<Split> splits, int32_t batch_rows = 1024) {
    auto reader = std::make_unique<NexmarkReader>(options_, texts_, EventType());
    ReaderContext context;
    context.batch_rows = batch_rows;
    context.clock = &clock_;
    EXPECT_TRUE(reader->Open(context).ok());
    EXPECT_TRUE(reader->AddSplits(std::move(splits)).ok());
    return reader;
  }

  // The key of a row: unique per event, since bids differ in price and time.
  using Key = std::tuple<int32_t, int64_t, int64_t, int64_t>;
  static Key KeyOf(const Batch& batch, int32_t row) {
    const int32_t kind = batch.columns[0]->values<int32_t>()[row];
    const Column* at = nullptr;
    const int32_t i = batch.columns[static_cast<size_t>(kind) + 1]->Resolve(row, &at);
    const auto number = [&](size_t field) { return at->children()[field]->values<int64_t>()[i]; };
    return kind == 2 ? Key{kind, number(0), number(2), number(5)} : Key{kind, number(0), 0, 0};
  }

  // Polls until the reader has no batch, at most `batches` times; adds what came to `keys`.
  static PollState Drain(SourceReader* reader, std::multiset<Key>* keys, int batches = 1 << 30) {
    for (int i = 0; i < batches; ++i) {
      Result<PollResult> result = reader->Poll();
      EXPECT_TRUE(result.ok());
      if (result->state != PollState::kBatch) return result->state;
      EXPECT_GT(result->batch.num_rows, 0);
      for (int32_t row = 0; row < result->batch.num_rows; ++row) {
        keys->insert(KeyOf(result->batch, row));
      }
    }
    return PollState::kBatch;
  }

  std::multiset<Key> AllEvents() {
    std::multiset<Key> keys;
    auto reader = MakeReader({SplitCursor{0, 1, 0, 0}.ToSplit()});
    EXPECT_EQ(Drain(reader.get(), &keys), PollState::kFinished);
    EXPECT_EQ(static_cast<int64_t>(keys.size()), options_.last_event);
    return keys;
  }

  Options options_ = [] {
    Options options;
    options.last_event = 10'017;
    return options;
  }();
  std::shared_ptr<const FixedTexts> texts_ = EventGenerator::MakeTexts(options_);
  ManualClock clock_{1'000'000};
};

TEST_F(NexmarkReaderTest, TheUnionIsTheSameAtAnyParallelism) {
  const std::multiset<Key> all = AllEvents();
  for (const int32_t parallelism : {1, 2, 3, 100}) {
    std::vector<Split> splits = InitialSplits(parallelism);
    std::multiset<Key> keys;
    for (int32_t subtask = 0; subtask < parallelism; ++subtask) {
      std::vector<Split> own;
      for (size_t i = static_cast<size_t>(subtask); i < splits.size();
           i += static_cast<size_t>(parallelism)) {
        own.push_back(splits[i]);
      }
      auto reader = MakeReader(own, 77);
      EXPECT_EQ(Drain(reader.get(), &keys), PollState::kFinished);
    }
    EXPECT_EQ(keys, all) << "parallelism " << parallelism;
  }
}

TEST_F(NexmarkReaderTest, ARestoredReaderGoesOnWhereTheSnapshotStood) {
  const std::multiset<Key> all = AllEvents();
  for (const int32_t batch_rows : {1, 30, 120, 1024}) {
    std::multiset<Key> keys;
    auto reader = MakeReader(InitialSplits(2), batch_rows);
    EXPECT_EQ(Drain(reader.get(), &keys, 5), PollState::kBatch);
    Result<std::vector<Split>> snapshot = reader->SnapshotSplits();
    ASSERT_TRUE(snapshot.ok());
    // Dealt out to two readers where there was one.
    std::vector<Split> parts[2];
    for (size_t i = 0; i < snapshot->size(); ++i) parts[i % 2].push_back((*snapshot)[i]);
    for (const std::vector<Split>& part : parts) {
      auto restored = MakeReader(part, batch_rows);
      EXPECT_EQ(Drain(restored.get(), &keys), PollState::kFinished);
    }
    EXPECT_EQ(keys, all) << "batches of " << batch_rows;
  }
}

TEST_F(NexmarkReaderTest, ASnapshotOfTheEndGoesOnWhenThereIsMore) {
  std::multiset<Key> keys;
  auto reader = MakeReader(InitialSplits(1));
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kFinished);
  Result<std::vector<Split>> snapshot = reader->SnapshotSplits();
  ASSERT_TRUE(snapshot.ok());
  auto again = MakeReader(*snapshot);
  EXPECT_EQ(Drain(again.get(), &keys), PollState::kFinished);
  EXPECT_EQ(keys, AllEvents());

  options_.last_event = 20'001;
  auto longer = MakeReader(*snapshot);
  EXPECT_EQ(Drain(longer.get(), &keys), PollState::kFinished);
  EXPECT_EQ(keys, AllEvents());
}

TEST_F(NexmarkReaderTest, EventTimeAscendsOverMergedSplits) {
  auto reader = MakeReader(InitialSplits(1), 100);
  int64_t last = 0;
  for (;;) {
    Result<PollResult> result = reader->Poll();
    ASSERT_TRUE(result.ok());
    if (result->state != PollState::kBatch) break;
    const Column& bids = *result->batch.columns[3];
    for (int32_t row = 0; row < result->batch.num_rows; ++row) {
      const Column* at = nullptr;
      const int32_t i = bids.Resolve(row, &at);
      if (i < 0) continue;
      const int64_t time = at->children()[5]->values<int64_t>()[i];
      ASSERT_GE(time, last);
      last = time;
    }
  }
  EXPECT_GT(last, 0);
}

TEST_F(NexmarkReaderTest, KeepsThePace) {
  options_.base_time = clock_.NowMs() - 7;
  const std::multiset<Key> all = AllEvents();
  options_.paced = true;  // 10 events per millisecond
  std::multiset<Key> keys;
  auto reader = MakeReader(InitialSplits(1));
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kPending);
  EXPECT_EQ(keys.size(), 10u);  // those of the first millisecond
  Result<PollResult> result = reader->Poll();
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->retry_at_ms, clock_.NowMs() + 1);
  clock_.Advance(25);
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kPending);
  EXPECT_EQ(keys.size(), 260u);
  clock_.Advance(1'000'000);
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kFinished);
  EXPECT_EQ(keys, all);
}

TEST_F(NexmarkReaderTest, WaitsForEventTimesInTheFuture) {
  options_.paced = true;
  options_.base_time = clock_.NowMs() + 100;
  std::multiset<Key> keys;
  auto reader = MakeReader(InitialSplits(1));
  Result<PollResult> result = reader->Poll();
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->state, PollState::kPending);
  EXPECT_EQ(result->retry_at_ms, options_.base_time);
  clock_.Advance(100);
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kPending);
  EXPECT_EQ(keys.size(), 10u);  // those of the first millisecond
}

TEST_F(NexmarkReaderTest, LingersAndKeepsAlive) {
  options_.linger_ms = 500;
  std::multiset<Key> keys;
  auto reader = MakeReader(InitialSplits(1));
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kPending);
  clock_.Advance(499);
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kPending);
  clock_.Advance(1);
  EXPECT_EQ(Drain(reader.get(), &keys), PollState::kFinished);

  options_.keep_alive = true;
  auto alive = MakeReader(InitialSplits(1));
  EXPECT_EQ(Drain(alive.get(), &keys), PollState::kPending);
  clock_.Advance(1'000'000);
  EXPECT_EQ(Drain(alive.get(), &keys), PollState::kPending);
}

TEST_F(NexmarkReaderTest, RefusesSplitsItCannotRead) {
  NexmarkReader reader(options_, texts_, EventType());
  EXPECT_EQ(reader.AddSplits({{"0/1", "7"}}).code(), StatusCode::kCorruption);
  EXPECT_EQ(reader.AddSplits({{"0-1", "0 0"}}).code(), StatusCode::kCorruption);
  EXPECT_EQ(reader.AddSplits({{"0/1", "3 50"}}).code(), StatusCode::kIncompatible);
}

}  // namespace
}  // namespace castor::connector::nexmark
