#include "gemini/soak/owner.h"

#include "base/memory.h"

namespace castor::gemini {
namespace {

constexpr uint32_t kKeyGroups = 8;
// An owner turns to a state for so long, and to some of its states more often than to others, which
// change: who has been at work gives memory back to who is.
constexpr int kStepsPerTurn = 30;
constexpr auto kPhase = std::chrono::milliseconds(700);

}  // namespace

Owner::Owner(uint32_t number, const std::filesystem::path& folder, SharedBudget* budget, Pool* pool,
             Clock::duration checkpoint_interval)
    : checkpoint_interval_(checkpoint_interval) {
  for (uint32_t i = number; i < kStates; i += kOwners) {
    KeptCheckpoint* kept =
        kept_.emplace_back(std::make_unique<KeptCheckpoint>(folder / std::to_string(i))).get();
    StoreOptions options;
    options.file_system = &io::LocalFileSystem();
    options.key_groups = kKeyGroups;
    options.last_group = kKeyGroups - 1;
    options.key_group_of = GroupOfHash;
    options.shared_budget = budget;
    options.compress = i % 4 != 0;
    options.execute = [pool](std::function<void()> work) { pool->Add(std::move(work)); };
    options.wake = [this] { wakening_.Wake(); };
    options.release = [pool, kept](const std::string& path) {
      pool->Add([kept, path] { kept->Release(path); });
    };
    states_.push_back(std::make_unique<SoakedState>(static_cast<SoakedState::Kind>(i / kOwners % 3),
                                                    i, std::move(options), kept));
  }
}

void Owner::Run(Clock::time_point until) {
  const auto begin = Clock::now();
  auto next_checkpoint = begin + checkpoint_interval_;
  while (Clock::now() < until && !failed()) {
    const auto phase = static_cast<size_t>((Clock::now() - begin) / kPhase);
    bool any = false;
    for (size_t i = 0; i < states_.size(); ++i) {
      const bool busy = (i + phase) % 3 == 0;
      for (int step = 0; step < (busy ? kStepsPerTurn : 1); ++step) any |= Turn(states_[i].get());
    }
    if (Clock::now() >= next_checkpoint) {
      next_checkpoint += checkpoint_interval_;
      for (const auto& state : states_) state->Checkpoint();
    }
    if (!any) wakening_.Sleep();
  }
}

std::string Owner::failure() const {
  for (const auto& state : states_) {
    if (!state->failure().empty()) return state->failure();
  }
  return "";
}

// As the host's sources do, nobody adds anything while nearly all of the memory is used: what is
// left is for the batches of all states that are under way.
bool Owner::Turn(SoakedState* state) {
  const MemoryAccount& account = MemoryAccount::State();
  const bool may_begin = account.used() <= account.limit() - account.limit() / 8;
  const bool stepped = (may_begin || !state->idle()) && state->Step();
  return state->Maintain() == Store::Work::kMore || stepped;
}

void Owner::CheckAll() {
  for (const auto& state : states_) {
    while (!state->idle() && state->failure().empty()) Finish(state.get());
    while (state->CheckNext()) {
      if (state->Maintain() != Store::Work::kMore && !state->idle()) wakening_.Sleep();
    }
    for (const auto& other : states_) other->Maintain();
  }
}

void Owner::Finish(SoakedState* state) {
  if (!Turn(state)) wakening_.Sleep();
}

}  // namespace castor::gemini
