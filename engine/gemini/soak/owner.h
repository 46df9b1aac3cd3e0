// A thread's share of the states of a program, under load, with the checkpoints that it keeps of
// them on disk.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gemini/soak/kept_checkpoint.h"
#include "gemini/soak/pool.h"
#include "gemini/soak/soaked_state.h"
#include "gemini/soak/wakening.h"

namespace castor::gemini {

class Owner {
 public:
  static constexpr uint32_t kStates = 50;
  static constexpr uint32_t kOwners = 2;  // threads
  using Clock = std::chrono::steady_clock;

  // The states go on from the checkpoints that are in `folder`.
  Owner(uint32_t number, const std::filesystem::path& folder, SharedBudget* budget, Pool* pool,
        Clock::duration checkpoint_interval);

  void Run(Clock::time_point until);
  // All records of all states are looked at.
  void CheckAll();

  bool failed() const { return !failure().empty(); }
  std::string failure() const;
  const std::vector<std::unique_ptr<SoakedState>>& states() const { return states_; }
  void Close() { states_.clear(); }

 private:
  static bool Turn(SoakedState* state);
  void Finish(SoakedState* state);

  const Clock::duration checkpoint_interval_;
  Wakening wakening_;
  std::vector<std::unique_ptr<KeptCheckpoint>> kept_;
  std::vector<std::unique_ptr<SoakedState>> states_;
};

}  // namespace castor::gemini
