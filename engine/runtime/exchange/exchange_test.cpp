#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/memory.h"
#include "runtime/exchange/channel.h"
#include "runtime/exchange/edge_writer.h"
#include "runtime/exchange/input_gate.h"

namespace castor::runtime {
namespace {

LogicalType TestRow() {
  return LogicalType::Row({{"k", LogicalType::BigInt(false)}, {"v", LogicalType::BigInt(false)}});
}

Batch MakeBatch(const std::vector<int64_t>& keys, int64_t first_value = 0) {
  const auto count = static_cast<int32_t>(keys.size());
  auto k = Column::MakeFlat(LogicalType::BigInt(false), count);
  auto v = Column::MakeFlat(LogicalType::BigInt(false), count);
  for (int32_t i = 0; i < count; ++i) {
    k->mutable_values<int64_t>()[i] = keys[static_cast<size_t>(i)];
    v->mutable_values<int64_t>()[i] = first_value + i;
  }
  return Batch(count, {k, v});
}

int64_t At(const Batch& batch, int column, int32_t row) {
  return batch.columns[static_cast<size_t>(column)]->values<int64_t>()[row];
}

class NoTask final : public Task {
 public:
  Outcome Run() override { return Outcome::kPark; }
};

// Channels without threads behind them.
struct Targets {
  explicit Targets(size_t count, int64_t capacity = 1 << 20) {
    for (size_t i = 0; i < count; ++i) {
      channels.push_back(std::make_unique<Channel>(capacity));
      channels.back()->Connect(&producer, &consumer);
    }
  }
  std::vector<Channel*> pointers() const {
    std::vector<Channel*> all;
    for (const auto& channel : channels) all.push_back(channel.get());
    return all;
  }
  std::vector<Element> All(size_t target) {
    std::vector<Element> elements;
    Element element;
    while (channels[target]->Pop(&element)) elements.push_back(std::move(element));
    return elements;
  }
  NoTask producer, consumer;
  std::vector<std::unique_ptr<Channel>> channels;
};

EdgeWriterOptions Options(int64_t buffer_timeout_ms, const Clock& clock = Clock::System()) {
  EdgeWriterOptions options;
  options.batch_rows = 64;
  options.buffer_timeout_ms = buffer_timeout_ms;
  options.clock = &clock;
  return options;
}

std::unique_ptr<EdgeWriter> HashWriter(const Targets& targets, const EdgeWriterOptions& options) {
  JobEdge edge;
  edge.routing = Routing::kHash;
  edge.keys = {0};
  return MakeEdgeWriter(edge, TestRow(), 0, targets.pointers(), options);
}

TEST(Channel, HoldsLessWhileMemoryIsShort) {
  Targets targets(1, 1 << 20);
  Channel& channel = *targets.channels[0];
  MemoryAccount::Process().set_limit(64 << 20);
  MemoryAccount::State().Charge(60 << 20);
  Element batch = MakeBatch({1});
  EXPECT_TRUE(channel.TryPush(batch));
  batch = MakeBatch({2});
  EXPECT_TRUE(channel.TryPush(batch));
  batch = MakeBatch({3});
  EXPECT_FALSE(channel.TryPush(batch));
  MemoryAccount::State().Release(60 << 20);
  EXPECT_TRUE(channel.TryPush(batch));
  MemoryAccount::Process().set_limit(MemoryAccount::kUnlimited);
  EXPECT_EQ(targets.All(0).size(), 3u);
}

TEST(Channel, RefusesBatchesWhenFullButNeverControl) {
  Targets targets(1, 1);
  Channel& channel = *targets.channels[0];
  for (int i = 0; i < 2; ++i) {  // two always fit
    Element batch = MakeBatch({1});
    EXPECT_TRUE(channel.TryPush(batch));
  }
  Element third = MakeBatch({7});
  EXPECT_FALSE(channel.TryPush(third));
  EXPECT_EQ(std::get<Batch>(third).num_rows, 1);  // left alone
  Element watermark = Watermark{5};
  EXPECT_TRUE(channel.TryPush(watermark));
  Element popped;
  EXPECT_TRUE(channel.Pop(&popped));
  EXPECT_TRUE(channel.TryPush(third));
}

TEST(HashEdge, SendsEachKeyToItsSubtaskInOrder) {
  constexpr int32_t kTargets = 3;
  Targets targets(kTargets);
  auto writer = HashWriter(targets, Options(100));
  std::mt19937_64 random(7);
  int64_t value = 0;
  for (int i = 0; i < 50; ++i) {
    std::vector<int64_t> keys(random() % 200);
    for (int64_t& key : keys) key = static_cast<int64_t>(random() % 40);
    writer->Write(MakeBatch(keys, value));
    value += static_cast<int64_t>(keys.size());
    if (i % 9 == 0) writer->Broadcast(Watermark{i});
  }
  writer->Flush();
  ASSERT_TRUE(writer->Drain());
  std::map<int64_t, size_t> target_of;
  std::map<int64_t, int64_t> last_of;
  int64_t rows = 0;
  for (size_t target = 0; target < kTargets; ++target) {
    for (const Element& element : targets.All(target)) {
      const auto* batch = std::get_if<Batch>(&element);
      if (batch == nullptr) continue;
      for (int32_t row = 0; row < batch->num_rows; ++row, ++rows) {
        const int64_t key = At(*batch, 0, row);
        EXPECT_EQ(target_of.emplace(key, target).first->second, target);
        const auto [last, first] = last_of.emplace(key, -1);
        EXPECT_LT(last->second, At(*batch, 1, row));
        last->second = At(*batch, 1, row);
      }
    }
  }
  EXPECT_EQ(rows, value);
}

TEST(HashEdge, SmallPiecesWaitForTheTimeoutAndNotLonger) {
  ManualClock clock(1000);
  Targets targets(2);
  auto writer = HashWriter(targets, Options(100, clock));
  writer->Write(MakeBatch({1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(writer->Drain());
  EXPECT_TRUE(targets.channels[0]->empty() && targets.channels[1]->empty());
  EXPECT_EQ(writer->flush_at(), 1100);
  writer->Flush();
  EXPECT_TRUE(writer->Drain());
  EXPECT_FALSE(targets.channels[0]->empty() && targets.channels[1]->empty());
  EXPECT_EQ(writer->flush_at(), kMaxWatermark);

  auto at_once = HashWriter(targets, Options(0, clock));
  at_once->Write(MakeBatch({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(at_once->flush_at(), kMaxWatermark);
}

// A mark must stand behind everything that stood before it, and before everything behind it, at
// every target.
TEST(HashEdge, MarksKeepTheirPlaceAmongTheRows) {
  Targets targets(4);
  auto writer = HashWriter(targets, Options(100));
  std::mt19937_64 random(11);
  constexpr int64_t kRows = 40;
  for (int64_t i = 0; i < 30; ++i) {
    std::vector<int64_t> keys(kRows);
    for (int64_t& key : keys) key = static_cast<int64_t>(random() % 1000);
    Batch batch = MakeBatch(keys, i * kRows);
    for (int32_t row = 5; row <= kRows; row += 7) {
      batch.marks.push_back({row, i * kRows + row});  // "all values below have passed"
    }
    writer->Write(batch);
  }
  writer->Flush();
  ASSERT_TRUE(writer->Drain());
  for (size_t target = 0; target < 4; ++target) {
    int64_t watermark = 0;
    for (const Element& element : targets.All(target)) {
      const Batch& batch = std::get<Batch>(element);
      size_t mark = 0;
      for (int32_t row = 0; row <= batch.num_rows; ++row) {
        for (; mark < batch.marks.size() && batch.marks[mark].row == row; ++mark) {
          EXPECT_GT(batch.marks[mark].watermark, watermark);
          watermark = batch.marks[mark].watermark;
        }
        if (row == batch.num_rows) break;
        EXPECT_GE(At(batch, 1, row), watermark);
        EXPECT_LT(At(batch, 1, row), watermark + 2 * kRows);
      }
      EXPECT_EQ(mark, batch.marks.size());
    }
    EXPECT_EQ(watermark, 29 * kRows + 40);
  }
}

TEST(RoundRobinEdge, EveryTargetLearnsOfMarks) {
  Targets targets(2);
  JobEdge edge;
  edge.routing = Routing::kRebalance;
  auto writer = MakeEdgeWriter(edge, TestRow(), 0, targets.pointers(), Options(100));
  Batch batch = MakeBatch({1, 2});
  batch.marks = {{1, 10}, {2, 20}};
  writer->Write(batch);
  writer->Drain();
  EXPECT_EQ(std::get<Batch>(targets.All(0)[0]).marks.size(), 2u);
  const Batch other = std::get<Batch>(targets.All(1)[0]);
  EXPECT_EQ(other.num_rows, 0);
  EXPECT_EQ(other.marks.back().watermark, 20);
}

// A gate over channels that the test fills.
struct GateFixture {
  explicit GateFixture(std::vector<int> input_of_channel, int inputs)
      : targets(input_of_channel.size()), gate(inputs) {
    for (size_t i = 0; i < input_of_channel.size(); ++i) {
      gate.AddChannel(targets.channels[i].get(), input_of_channel[i]);
    }
  }
  void Push(size_t channel, Element element) {
    ASSERT_TRUE(targets.channels[channel]->TryPush(element));
  }
  template <typename T>
  T Next() {
    InputGate::Event event = gate.Next();
    EXPECT_TRUE(std::holds_alternative<T>(event));
    return std::holds_alternative<T>(event) ? std::get<T>(event) : T{};
  }
  TimestampMs NextWatermark() {
    return std::get<Watermark>(Next<InputGate::Received>().element).time;
  }
  bool Nothing() { return std::holds_alternative<std::monostate>(gate.Next()); }

  Targets targets;
  InputGate gate;
};

TEST(InputGate, AlignsBarriers) {
  GateFixture fixture({0, 0}, 1);
  fixture.Push(0, Barrier{1});
  fixture.Push(0, MakeBatch({1}));  // behind the barrier: must wait
  EXPECT_TRUE(fixture.Nothing());
  fixture.Push(1, MakeBatch({2, 2}));
  EXPECT_EQ(std::get<Batch>(fixture.Next<InputGate::Received>().element).num_rows, 2);
  fixture.Push(1, Barrier{1});
  EXPECT_EQ(fixture.Next<Barrier>().id, 1);
  EXPECT_EQ(std::get<Batch>(fixture.Next<InputGate::Received>().element).num_rows, 1);
}

TEST(InputGate, AnAbortedBarrierBlocksNothingNowOrLater) {
  GateFixture fixture({0, 0}, 1);
  fixture.Push(0, Barrier{1});
  fixture.Push(0, MakeBatch({1}));
  EXPECT_TRUE(fixture.Nothing());
  fixture.gate.Abort(1);
  fixture.Next<InputGate::Received>();
  fixture.Push(1, Barrier{1});  // comes late
  fixture.Push(1, MakeBatch({1}));
  fixture.Next<InputGate::Received>();
  fixture.Push(0, Barrier{2});
  fixture.Push(1, Barrier{2});
  EXPECT_EQ(fixture.Next<Barrier>().id, 2);
}

TEST(InputGate, MergesWatermarksPerInputAndMarksInBatches) {
  GateFixture fixture({0, 0, 1}, 2);
  fixture.Push(0, Watermark{10});
  EXPECT_TRUE(fixture.Nothing());
  Batch batch = MakeBatch({1, 2, 3});
  batch.marks = {{1, 4}, {2, 8}, {3, 12}};
  fixture.Push(1, std::move(batch));
  const auto received = fixture.Next<InputGate::Received>();
  const auto& marks = std::get<Batch>(received.element).marks;
  ASSERT_EQ(marks.size(), 3u);  // 4, 8, then channel 0 holds back at 10
  EXPECT_EQ(marks[2].watermark, 10);
  EXPECT_EQ(marks[2].row, 3);
  fixture.Push(2, Watermark{99});
  EXPECT_EQ(fixture.NextWatermark(), 99);
}

TEST(InputGate, AnInputEndsWhenAllItsChannelsHave) {
  GateFixture fixture({0, 1, 1}, 2);
  fixture.Push(1, EndOfInput{});
  EXPECT_TRUE(fixture.Nothing());
  fixture.Push(2, EndOfInput{});
  EXPECT_EQ(fixture.Next<InputGate::InputEnded>().input, 1);
  // Barriers pass on channels that have ended, too.
  for (size_t i = 0; i < 3; ++i) fixture.Push(i, Barrier{4});
  EXPECT_EQ(fixture.Next<Barrier>().id, 4);
  fixture.Push(0, EndOfInput{});
  EXPECT_EQ(fixture.Next<InputGate::InputEnded>().input, 0);
}

}  // namespace
}  // namespace castor::runtime
