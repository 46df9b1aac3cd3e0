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
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "base/memory.h"
#include "base/resident_memory.h"
#include "gemini/soak/owner.h"

namespace castor::gemini {
namespace {

using std::chrono::steady_clock;

constexpr auto kCheckpointInterval = std::chrono::seconds(2);
// Sanitizers keep what is freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasures = false;
#else
constexpr bool kMeasures = true;
#endif

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
              Owner::kStates, static_cast<double>(records) / 1e6, static_cast<double>(cold) / 1e6,
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
      for (uint32_t i = 0; i < Owner::kOwners; ++i) {
        owners.push_back(std::make_unique<Owner>(i, folder, &budget, &pool, kCheckpointInterval));
      }
      before = ResidentBytes();
      Watch watch;
      std::vector<std::thread> threads;
      const auto until = steady_clock::now() + std::chrono::seconds(seconds);
      for (const auto& owner : owners) {
        threads.emplace_back([&owner, until] {
          owner->Run(until);
          owner->CheckAll();
        });
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
  const int mebibytes = argc > 2 ? std::atoi(argv[2]) : 160;
  return castor::gemini::Soak(seconds, int64_t{mebibytes} << 20);
}
