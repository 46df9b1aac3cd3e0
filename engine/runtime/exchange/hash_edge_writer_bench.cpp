// Partitioning: batches of bids by a BIGINT key to subtasks, up to the channels' other end, with
// rows per second and the bytes per second of the rows that move.
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <vector>

#include "runtime/exchange/channel.h"
#include "runtime/exchange/edge_writer.h"

namespace castor::runtime {
namespace {

constexpr int32_t kRows = 4096;
constexpr int kColumns = 3;

class NoTask final : public Task {
 public:
  Outcome Run() override { return Outcome::kPark; }
};

LogicalType BidRow() {
  std::vector<LogicalType::Field> fields;
  for (const char* name : {"auction", "bidder", "price"}) {
    fields.push_back({name, LogicalType::BigInt(false)});
  }
  return LogicalType::Row(fields, false);
}

Batch RandomBids() {
  std::mt19937_64 random(1);
  std::vector<ColumnPtr> columns;
  for (int c = 0; c < kColumns; ++c) {
    MutableColumnPtr column = Column::MakeFlat(LogicalType::BigInt(false), kRows);
    for (int32_t i = 0; i < kRows; ++i) {
      column->mutable_values<int64_t>()[i] = static_cast<int64_t>(random() % 100'000);
    }
    columns.push_back(std::move(column));
  }
  return Batch(kRows, std::move(columns));
}

void PartitionByKey(benchmark::State& state) {
  const auto targets = static_cast<size_t>(state.range(0));
  NoTask producer;
  NoTask consumer;
  std::vector<std::unique_ptr<Channel>> channels;
  std::vector<Channel*> pointers;
  for (size_t i = 0; i < targets; ++i) {
    channels.push_back(std::make_unique<Channel>(int64_t{1} << 30));
    channels.back()->Connect(&producer, &consumer);
    pointers.push_back(channels.back().get());
  }
  JobEdge edge;
  edge.routing = Routing::kHash;
  edge.keys = {0};
  EdgeWriterOptions options;
  options.clock = &Clock::System();
  const std::unique_ptr<EdgeWriter> writer = MakeEdgeWriter(edge, BidRow(), 0, pointers, options);
  const Batch batch = RandomBids();
  for (auto _ : state) {
    writer->Write(batch);
    writer->Flush();
    Element element;
    for (Channel* channel : pointers) {
      while (channel->Pop(&element)) benchmark::DoNotOptimize(element);
    }
  }
  state.SetItemsProcessed(state.iterations() * kRows);
  state.SetBytesProcessed(state.iterations() * kRows * kColumns * 8);
}
BENCHMARK(PartitionByKey)->ArgName("targets")->Arg(2)->Arg(8);

}  // namespace
}  // namespace castor::runtime
