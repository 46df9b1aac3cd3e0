// Fifty states under mixed load in one process that share a budget: what they hold is compared with
// a model, and what the process has resident with the budget. Exits with 1 if either is not as it
// should be.
//
//   gemini_soak [seconds [budget in MiB]]
//
// How long it runs changes how much it sees, and nothing else.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/memory.h"
#include "base/resident_memory.h"
#include "gemini/soak/soaked_state.h"

namespace castor::gemini {
namespace {

using std::chrono::steady_clock;

constexpr uint32_t kStates = 50;
constexpr uint32_t kOwners = 2;  // threads
constexpr int kPoolThreads = 3;
constexpr uint32_t kKeyGroups = 8;
constexpr auto kCheckpointInterval = std::chrono::seconds(2);
// An owner turns to a state for so long, and to some of its states more often than to others, which
// change: who has been at work gives memory back to who is.
constexpr int kStepsPerTurn = 30;
constexpr auto kPhase = std::chrono::milliseconds(700);
// Sanitizers keep what is freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

// Threads that do what blocks.
class Pool {
 public:
  Pool() {
    for (int i = 0; i < kPoolThreads; ++i) threads_.emplace_back([this] { Run(); });
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void Add(std::function<void()> work) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(work));
    }
    changed_.notify_one();
  }

 private:
  void Run() {
    while (true) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        work = std::move(queue_.front());
        queue_.pop_front();
      }
      work();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// What an owner sleeps on when none of its states can go on.
class Wakening {
 public:
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }
  // Others may give back what its states wait for, so it looks again after a while.
  void Sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5), [this] { return woken_; });
    woken_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

class Owner {
 public:
  Owner(uint32_t number, const std::filesystem::path& folder, SharedBudget* budget, Pool* pool) {
    for (uint32_t i = number; i < kStates; i += kOwners) {
      StoreOptions options;
      options.file_system = &io::LocalFileSystem();
      options.run_prefix = (folder / (std::to_string(i) + "-")).string();
      options.key_groups = kKeyGroups;
      options.last_group = kKeyGroups - 1;
      options.key_group_of = GroupOfHash;
      options.shared_budget = budget;
      options.compress = i % 4 == 0;
      options.execute = [pool](std::function<void()> work) { pool->Add(std::move(work)); };
      options.wake = [this] { wakening_.Wake(); };
      options.release = [pool](const std::string& path) {
        pool->Add([path] { std::filesystem::remove(path); });
      };
      states_.push_back(std::make_unique<SoakedState>(
          static_cast<SoakedState::Kind>(i / kOwners % 3), i, std::move(options)));
    }
  }

  void Run(steady_clock::time_point until) {
    const auto begin = steady_clock::now();
    auto next_checkpoint = begin + kCheckpointInterval;
    while (steady_clock::now() < until && !failed()) {
      const auto phase = static_cast<size_t>((steady_clock::now() - begin) / kPhase);
      bool any = false;
      for (size_t i = 0; i < states_.size(); ++i) {
        const bool busy = (i + phase) % 3 == 0;
        for (int step = 0; step < (busy ? kStepsPerTurn : 1); ++step) any |= Turn(states_[i].get());
      }
      if (steady_clock::now() >= next_checkpoint) {
        next_checkpoint += kCheckpointInterval;
        for (const auto& state : states_) state->Checkpoint();
      }
      if (!any) wakening_.Sleep();
    }
    CheckAll();
  }

  bool failed() const { return !failure().empty(); }
  std::string failure() const {
    for (const auto& state : states_) {
      if (!state->failure().empty()) return state->failure();
    }
    return "";
  }
  const std::vector<std::unique_ptr<SoakedState>>& states() const { return states_; }
  void Close() { states_.clear(); }

 private:
  // As the host's sources do, nobody adds anything while nearly all of the memory is used.
  static bool Turn(SoakedState* state) {
    const MemoryAccount& account = MemoryAccount::State();
    const bool may_begin = account.used() <= account.limit() - account.limit() / 16;
    const bool stepped = (may_begin || !state->idle()) && state->Step();
    return state->Maintain() == Store::Work::kMore || stepped;
  }

  void CheckAll() {
    for (const auto& state : states_) {
      while (!state->idle() && state->failure().empty()) Finish(state.get());
      while (state->CheckNext()) {
        if (state->Maintain() != Store::Work::kMore && !state->idle()) wakening_.Sleep();
      }
      for (const auto& other : states_) other->Maintain();
    }
  }
  void Finish(SoakedState* state) {
    if (!Turn(state)) wakening_.Sleep();
  }

  Wakening wakening_;
  std::vector<std::unique_ptr<SoakedState>> states_;
};

// The most that has been resident and charged since it was made.
class Watch {
 public:
  Watch() : thread_([this] { Run(); }) {}
  ~Watch() {
    stopping_ = true;
    thread_.join();
  }
  int64_t most_resident() const { return most_resident_; }
  int64_t most_charged() const { return most_charged_; }

 private:
  void Run() {
    while (!stopping_) {
      most_resident_ = std::max(most_resident_.load(), ResidentBytes());
      most_charged_ = std::max(most_charged_.load(), MemoryAccount::State().used());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::atomic<int64_t> most_resident_{0}, most_charged_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

double MiB(int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

bool Report(const std::vector<std::unique_ptr<Owner>>& owners) {
  bool ok = true;
  uint64_t records = 0, checkpoints = 0, written = 0, read = 0, cold = 0;
  for (const auto& owner : owners) {
    for (const auto& state : owner->states()) {
      records += state->records_done();
      checkpoints += state->checkpoints();
      written += state->stats().bytes_written;
      read += state->stats().bytes_read;
      cold += state->stats().read_for_them;
    }
    if (!owner->failed()) continue;
    std::printf("%s\n", owner->failure().c_str());
    ok = false;
  }
  std::printf("%u states, %.2f million records, %.2f million of them from files, %lu checkpoints\n",
              kStates, static_cast<double>(records) / 1e6, static_cast<double>(cold) / 1e6,
              checkpoints);
  std::printf("%.0f MiB written, %.0f MiB read\n", MiB(static_cast<int64_t>(written)),
              MiB(static_cast<int64_t>(read)));
  return ok;
}

int Soak(int seconds, int64_t budget_bytes) {
  KeepAllocatorSmall();
  MemoryAccount::State().set_limit(budget_bytes);
  SharedBudget budget(&MemoryAccount::State());
  const auto folder =
      std::filesystem::temp_directory_path() / ("gemini_soak-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  bool ok = true;
  int64_t most = 0, before = 0, charged = 0;
  {
    std::vector<std::unique_ptr<Owner>> owners;
    {
      Pool pool;
      for (uint32_t i = 0; i < kOwners; ++i) {
        owners.push_back(std::make_unique<Owner>(i, folder, &budget, &pool));
      }
      before = ResidentBytes();
      Watch watch;
      std::vector<std::thread> threads;
      const auto until = steady_clock::now() + std::chrono::seconds(seconds);
      for (const auto& owner : owners) {
        threads.emplace_back([&owner, until] { owner->Run(until); });
      }
      for (std::thread& thread : threads) thread.join();
      most = watch.most_resident();
      charged = watch.most_charged();
      ok = Report(owners);
      for (const auto& owner : owners) owner->Close();
    }
  }
  std::filesystem::remove_all(folder);
  std::printf("resident: %.1f MiB at the start, %.1f more at most; charged: %.1f; budget: %.0f\n",
              MiB(before), MiB(most - before), MiB(charged), MiB(budget_bytes));
  const bool kept = !kMeasures || most - before <= budget_bytes + budget_bytes / 20;
  return ok && kept ? 0 : 1;
}

}  // namespace
}  // namespace castor::gemini

int main(int argc, char** argv) {
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 20;
  const int mebibytes = argc > 2 ? std::atoi(argv[2]) : 96;
  return castor::gemini::Soak(seconds, int64_t{mebibytes} << 20);
}
