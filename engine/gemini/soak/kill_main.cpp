// A process with fifty states under load is killed at any instant, again and again; the next one
// goes on from the checkpoints that it finds, and compares what it reads with what the model was at
// their cuts. Exits with 1 if anything is not as it should be.
//
//   gemini_kills [kills [budget in MiB [seed]]]
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/memory.h"
#include "gemini/soak/owner.h"

namespace castor::gemini {
namespace {

using std::chrono::milliseconds;

// So often that most kills meet one that is being taken.
constexpr auto kCheckpointInterval = milliseconds(60);
constexpr auto kMostOfLife = milliseconds(1500);
constexpr int kFailed = 1;

// What the processes do: all states go on until the end, or until nobody is to write any more; then
// they are looked at as a whole.
int Live(const std::filesystem::path& folder, int64_t budget_bytes, Owner::Clock::duration length) {
  MemoryAccount::State().set_limit(budget_bytes);
  SharedBudget budget(&MemoryAccount::State());
  std::vector<std::unique_ptr<Owner>> owners;
  Pool pool;
  for (uint32_t i = 0; i < Owner::kOwners; ++i) {
    owners.push_back(std::make_unique<Owner>(i, folder, &budget, &pool, kCheckpointInterval));
  }
  std::vector<std::thread> threads;
  for (const auto& owner : owners) {
    threads.emplace_back([&owner, length] {
      owner->Run(Owner::Clock::now() + length);
      owner->CheckAll();
    });
  }
  for (std::thread& thread : threads) thread.join();
  bool failed = false;
  for (const auto& owner : owners) {
    if (owner->failed()) std::printf("%s\n", owner->failure().c_str());
    failed |= owner->failed();
    owner->Close();
  }
  std::fflush(stdout);  // the process ends without
  return failed ? kFailed : 0;
}

// Whether the process was well when it was killed.
bool LiveAndKill(const std::filesystem::path& folder, int64_t budget_bytes, milliseconds life) {
  const pid_t victim = ::fork();
  if (victim == 0) ::_exit(Live(folder, budget_bytes, std::chrono::hours(24)));
  std::this_thread::sleep_for(life);
  ::kill(victim, SIGKILL);
  int status = 0;
  ::waitpid(victim, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// States that have a checkpoint.
int Kept(const std::filesystem::path& folder) {
  int kept = 0;
  for (const auto& state : std::filesystem::directory_iterator(folder)) {
    kept += std::filesystem::exists(state.path() / "checkpoint") ? 1 : 0;
  }
  return kept;
}

int Kill(int kills, int64_t budget_bytes, uint32_t seed) {
  std::mt19937 random(seed);
  const auto folder =
      std::filesystem::temp_directory_path() / ("gemini_kills-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  bool ok = true;
  for (int i = 0; i < kills && ok; ++i) {
    ok = LiveAndKill(folder, budget_bytes, milliseconds(random() % kMostOfLife.count()));
  }
  const int kept = Kept(folder);
  // In a process of its own: none may fork that has threads.
  const pid_t last = ok ? ::fork() : -1;
  if (last == 0) ::_exit(Live(folder, budget_bytes, milliseconds(0)));
  int status = 0;
  ok = ok && ::waitpid(last, &status, 0) == last && status == 0 && kept > 0;
  std::printf("%d kills, seed %u: %d of %u states had a checkpoint: %s\n", kills, seed, kept,
              Owner::kStates, ok ? "all as it should be" : "FAILED");
  if (ok) {
    std::filesystem::remove_all(folder);
  } else {
    std::printf("what is left is in %s\n", folder.c_str());
  }
  return ok ? 0 : kFailed;
}

}  // namespace
}  // namespace castor::gemini

int main(int argc, char** argv) {
  const int kills = argc > 1 ? std::atoi(argv[1]) : 20;
  const int mebibytes = argc > 2 ? std::atoi(argv[2]) : 48;
  const auto seed = static_cast<uint32_t>(argc > 3 ? std::atoi(argv[3]) : 20260725);
  return castor::gemini::Kill(kills, int64_t{mebibytes} << 20, seed);
}
