// Updates of state eight times the memory budget, evenly and skewed, with evictions and cold reads
// on a thread of their own and files in the folder of temporary files: what a record costs, and how
// often runs had to be read for it. And one side of a join with large rows, with and without values
// apart.
#include "gemini/store/store.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cmath>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

constexpr uint64_t kRecords = uint64_t{1} << 22;  // of 64 bytes, and as much as 12 of index
constexpr int64_t kBudget = 40 << 20;
constexpr size_t kBatch = 1024;

// One thread for work that blocks, and the owner's sleep until it is woken.
class Pool {
 public:
  Pool() : thread_([this] { Run(); }) {}
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void Add(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    changed_.notify_all();
  }
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }
  void Sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return woken_; });
    woken_ = false;
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      const std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false, woken_ = false;
  std::thread thread_;
};

// Ranks by Zipf's law with exponent 0.99 (Gray et al.: "Quickly Generating Billion-Record Synthetic
// Databases", 1994).
class Zipf {
 public:
  explicit Zipf(uint64_t count) : count_(static_cast<double>(count)) {
    for (uint64_t i = 1; i <= count; ++i) zeta_ += std::pow(static_cast<double>(i), -kTheta);
    eta_ = (1 - std::pow(2 / count_, 1 - kTheta)) / (1 - (1 + std::pow(0.5, kTheta)) / zeta_);
  }
  uint64_t Next(std::mt19937_64& random) const {
    const double u = static_cast<double>(random() >> 11) * 0x1p-53;
    const double uz = u * zeta_;
    if (uz < 1) return 0;
    if (uz < 1 + std::pow(0.5, kTheta)) return 1;
    return static_cast<uint64_t>(count_ * std::pow(eta_ * u - eta_ + 1, 1 / (1 - kTheta)));
  }

 private:
  static constexpr double kTheta = 0.99;
  const double count_;
  double zeta_ = 0, eta_ = 0;
};

struct Folder {
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  uint64_t Bytes() const {
    uint64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(path)) {
      std::error_code gone;
      const auto size = std::filesystem::file_size(file, gone);
      if (!gone) bytes += size;
    }
    return bytes;
  }
  const std::string path =
      std::filesystem::temp_directory_path() / ("gemini-bench-" + std::to_string(::getpid()));
};

struct Tuning {
  uint32_t separate_from = 0;
  bool compress = true;
  int64_t block_cache_bytes = 0;
};

struct Instance {
  Instance(TableOptions of_table, const Tuning& tuning) {
    StoreOptions options;
    options.file_system = &io::LocalFileSystem();
    options.run_prefix = folder.path + "/run-";
    options.key_group_of = GroupOfHash;
    options.memory_budget = kBudget;
    options.run_bytes = 8 << 20;
    options.execute = [this](std::function<void()> work) { pool.Add(std::move(work)); };
    options.wake = [this] { pool.Wake(); };
    options.release = [](const std::string& path) { std::filesystem::remove(path); };
    options.separate_from = tuning.separate_from;
    options.compress = tuning.compress;
    options.block_cache_bytes = tuning.block_cache_bytes;
    store = Store::Open(std::move(options), {}).value();
    table = *store->AddTable(std::move(of_table));
  }

  void Acquire(const NumberKeys& keys, Access access) {
    while (true) {
      const auto ready = store->Acquire(table, keys.view(), access, 0, payloads, nullptr);
      if (!ready.ok()) std::abort();
      if (*ready == Readiness::kReady) return;
      ++pending;
      pool.Sleep();
    }
  }
  void Release() {
    store->Release();
    store->Maintain(0);
    most_bytes = std::max(most_bytes, store->charged_bytes());
  }
  void Update(const NumberKeys& keys) {
    Acquire(keys, Access::kFindOrCreate);
    for (size_t i = 0; i < kBatch; ++i) ++*reinterpret_cast<int64_t*>(payloads[i]);
    Release();
  }

  Folder folder;
  Pool pool;
  std::unique_ptr<Store> store;
  RecordTable* table = nullptr;
  std::byte* payloads[kBatch];
  int64_t pending = 0, most_bytes = 0;
};

void Report(benchmark::State& state, const Instance& instance, const StoreStats& before) {
  const StoreStats now = instance.store->stats();
  const auto per_item = [&](uint64_t after, uint64_t earlier) {
    return static_cast<double>(after - earlier) / static_cast<double>(state.items_processed());
  };
  state.counters["waits_per_batch"] =
      static_cast<double>(instance.pending) / static_cast<double>(state.iterations());
  state.counters["read_for_item"] = per_item(now.read_for_them, before.read_for_them);
  state.counters["bytes_read"] = per_item(now.bytes_read, before.bytes_read);
  state.counters["bytes_written"] = per_item(now.bytes_written, before.bytes_written);
  state.counters["cache_hits"] = per_item(now.block_cache.hits, before.block_cache.hits);
  state.counters["stored_bytes"] = static_cast<double>(instance.folder.Bytes());
  state.counters["runs"] = static_cast<double>(instance.store->runs().runs().size());
}

void Update(benchmark::State& state, bool skewed, const Tuning& tuning) {
  Instance instance({{0, 0}, {32, {}}, 0}, tuning);
  std::mt19937_64 random(1);
  for (uint64_t first = 0; first < kRecords; first += kBatch) {
    NumberKeys keys;
    for (uint64_t i = 0; i < kBatch; ++i) keys.Add(first + i);
    instance.Update(keys);
  }
  const Zipf zipf(kRecords);
  instance.pending = 0;
  const StoreStats before = instance.store->stats();
  for (auto _ : state) {
    state.PauseTiming();
    NumberKeys keys;
    for (size_t i = 0; i < kBatch; ++i) {
      keys.Add(skewed ? zipf.Next(random) * 0x9E3779B97F4A7C15u % kRecords : random() % kRecords);
    }
    state.ResumeTiming();
    instance.Update(keys);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
  Report(state, instance, before);
  state.counters["most_of_budget"] =
      static_cast<double>(instance.most_bytes) / static_cast<double>(kBudget);
}

// One side of a join: rows of 1 KB come and go, and of the rows of the other side nine in ten find
// nothing.
class JoinSide {
 public:
  static constexpr uint64_t kRows = 8 * kBudget / 1024;

  explicit JoinSide(uint32_t separate_from)
      : instance({{0, 0}, {32, {16}}, 0}, {.separate_from = separate_from}) {
    while (next_ < kRows) Insert();
    instance.pending = 0;
  }

  void Insert() {
    NumberKeys keys;
    for (uint64_t i = 0; i < kBatch; ++i) keys.Add(next_++);
    instance.Acquire(keys, Access::kFindOrCreate);
    for (std::byte* payload : instance.payloads) {
      auto* row = reinterpret_cast<Blob*>(payload + 16);
      instance.table->SetBlob(row, row_);
    }
    instance.Release();
  }
  void Erase() {
    NumberKeys keys;
    std::vector<uint32_t> rows;
    for (uint32_t i = 0; i < kBatch; ++i) {
      keys.Add(next_ - kRows - kBatch + i);
      rows.push_back(i);
    }
    instance.store->Erase(instance.table, keys.view(), rows);
  }
  void LookUp() {
    NumberKeys keys;
    for (uint64_t i = 0; i < kBatch; ++i) {
      keys.Add(i % 10 == 0 ? next_ - 1 - random_() % kRows : next_ + random_() % kRows);
    }
    instance.Acquire(keys, Access::kRead);
    for (size_t i = 0; i < kBatch; i += 10) {
      if (instance.payloads[i] == nullptr) std::abort();
    }
    instance.Release();
  }

  Instance instance;

 private:
  const std::string row_ = std::string(1024, 'r');
  std::mt19937_64 random_{1};
  uint64_t next_ = 0;
};

void Join(benchmark::State& state, uint32_t separate_from) {
  JoinSide side(separate_from);
  const StoreStats before = side.instance.store->stats();
  for (auto _ : state) {
    side.Insert();
    side.LookUp();
    side.Erase();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(2 * kBatch));
  Report(state, side.instance, before);
}

void JoinWithValuesInRuns(benchmark::State& state) { Join(state, 0); }
void JoinWithValuesApart(benchmark::State& state) { Join(state, 512); }
BENCHMARK(JoinWithValuesInRuns)->UseRealTime()->Iterations(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(JoinWithValuesApart)->UseRealTime()->Iterations(500)->Unit(benchmark::kMicrosecond);

void UpdateEvenly(benchmark::State& state) { Update(state, false, {}); }
void UpdateSkewed(benchmark::State& state) { Update(state, true, {}); }
void UpdateEvenlyPlain(benchmark::State& state) { Update(state, false, {.compress = false}); }
void UpdateSkewedPlain(benchmark::State& state) { Update(state, true, {.compress = false}); }
void UpdateSkewedCached(benchmark::State& state) {
  Update(state, true, {.block_cache_bytes = kBudget / 16});
}
BENCHMARK(UpdateEvenly)->UseRealTime()->Iterations(300)->Unit(benchmark::kMicrosecond);
BENCHMARK(UpdateEvenlyPlain)->UseRealTime()->Iterations(300)->Unit(benchmark::kMicrosecond);
BENCHMARK(UpdateSkewedPlain)->UseRealTime()->Iterations(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK(UpdateSkewedCached)->UseRealTime()->Iterations(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK(UpdateSkewed)->UseRealTime()->Iterations(2000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace castor::gemini
