#include "bench/state/server/measure.h"

#include <chrono>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>

#include "bench/state/server/check.h"

namespace castor::bench {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }
int64_t Nanoseconds(Clock::duration duration) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
}

double CpuSeconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

int64_t BytesWritten() {
  std::ifstream io("/proc/self/io");
  std::string name;
  int64_t bytes = 0;
  while (io >> name >> bytes) {
    if (name == "wchar:") return bytes;
  }
  Fail("/proc/self/io says nothing of what was written");
}

}  // namespace

Measured Run(Workload* workload, Side* side, const Limits& limits) {
  Measured measured;
  const int64_t written = BytesWritten();
  const double cpu = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
  double drawing = 0;
  for (uint64_t batch = 0; batch < limits.batches && measured.seconds < limits.seconds; ++batch) {
    const double drawn_from = CpuSeconds(CLOCK_THREAD_CPUTIME_ID);
    workload->Draw();
    drawing += CpuSeconds(CLOCK_THREAD_CPUTIME_ID) - drawn_from;
    const auto start = Clock::now();
    const uint64_t operations = workload->Do(side, &measured.answer);
    side->Pause();
    const auto took = Clock::now() - start;
    measured.batches.Add(Nanoseconds(took));
    measured.seconds += Seconds(took);
    measured.operations += operations;
    if (limits.interval_seconds > 0) {
      measured.timeline.resize(static_cast<size_t>(measured.seconds / limits.interval_seconds) + 1);
      measured.timeline.back() += operations;
    }
  }
  measured.cpu_seconds = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - cpu - drawing;
  measured.bytes_written = BytesWritten() - written;
  return measured;
}

Paced RunPaced(Workload* workload, Side* side, const PacedOptions& options) {
  Paced paced;
  Answer answer;
  enum class Phase { kBefore, kOnItsWay, kDone } phase = Phase::kBefore;
  if (!options.checkpoint) phase = Phase::kDone;
  Clock::time_point started;
  const auto begin = Clock::now();
  double due = 0;
  while (due < options.seconds) {
    workload->Draw();
    while (Seconds(Clock::now() - begin) < due) side->Pause();
    if (phase == Phase::kBefore && due > options.seconds / 4) {
      started = Clock::now();
      side->StartCheckpoint();
      phase = Phase::kOnItsWay;
    }
    const uint64_t operations = workload->Do(side, &answer);
    side->Pause();
    if (phase == Phase::kOnItsWay && side->TakeCheckpoint(&paced.checkpoint)) {
      paced.checkpoint_seconds = Seconds(Clock::now() - started);
      phase = Phase::kDone;
    }
    const double late = Seconds(Clock::now() - begin) - due;
    // Before the checkpoint there is nothing to see.
    if (!options.checkpoint || phase != Phase::kBefore) {
      paced.batches.Add(static_cast<int64_t>(late * 1e9));
    }
    due += static_cast<double>(operations) / options.operations_per_second;
  }
  while (phase == Phase::kOnItsWay && !side->TakeCheckpoint(&paced.checkpoint)) side->Pause();
  return paced;
}

CheckpointTimes TakeCheckpoint(Side* side) {
  CheckpointTimes times;
  const auto start = Clock::now();
  side->StartCheckpoint();
  times.owner_seconds = Seconds(Clock::now() - start);
  while (!side->TakeCheckpoint(&times.size)) side->Pause();
  times.seconds = Seconds(Clock::now() - start);
  return times;
}

Deletes WalkBesideDeletes(Side* side, uint64_t deletes) {
  constexpr uint64_t kKeys = 1000, kEntries = 10, kWalked = 500, kBatch = 1000, kWalks = 2000;
  Deletes measured;
  std::vector<uint64_t> keys, user_keys;
  const auto range = [&](uint64_t first, uint64_t count) {
    user_keys.clear();
    for (uint64_t i = 0; i < count; ++i) user_keys.push_back(first + i);
  };
  for (uint64_t key = 0; key < kKeys; ++key) {
    keys.assign(kEntries, key);
    range(0, kEntries);
    side->PutEntries(keys, user_keys);
    side->Pause();
  }
  const auto walk = [&](Histogram* histogram) {
    for (uint64_t i = 0; i < kWalks; ++i) {
      const auto start = Clock::now();
      measured.answer.Add(side->Walk({&kWalked, 1}));
      histogram->Add(Nanoseconds(Clock::now() - start));
      side->Pause();
    }
  };
  walk(&measured.before);
  keys.assign(kBatch, kWalked);
  for (uint64_t first = kEntries; first < deletes; first += kBatch) {
    range(first, kBatch);
    side->PutEntries(keys, user_keys);
    side->Pause();
  }
  for (uint64_t first = kEntries; first < deletes; first += kBatch) {
    range(first, kBatch);
    side->EraseEntries(keys, user_keys);
    side->Pause();
  }
  walk(&measured.after);
  return measured;
}

}  // namespace castor::bench
