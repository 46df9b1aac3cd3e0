// How fast events are made: the ceiling of every Nexmark figure.
#include <benchmark/benchmark.h>

#include "connector/nexmark/event_generator.h"

namespace castor::connector::nexmark {
namespace {

void BM_Generate(benchmark::State& state) {
  const Options options;
  EventGenerator generator(options, EventGenerator::MakeTexts(options), EventType());
  const int64_t epochs = state.range(0) / options.epoch_size();
  std::vector<EpochRun> runs(static_cast<size_t>(epochs));
  int64_t next = 0;
  for (auto _ : state) {
    for (EpochRun& run : runs) run = {next++, 0, options.epoch_size()};
    benchmark::DoNotOptimize(generator.Generate(runs));
  }
  state.SetItemsProcessed(state.iterations() * epochs * options.epoch_size());
}
BENCHMARK(BM_Generate)->Arg(1024)->Arg(4096);

}  // namespace
}  // namespace castor::connector::nexmark
