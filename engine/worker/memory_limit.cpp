#include "worker/memory_limit.h"

#include <algorithm>
#include <string>

#include "base/memory.h"
#include "base/resident_memory.h"
#include "runtime/memory/memory_guard.h"
#include "state/gemini_options.h"

namespace castor::worker {
namespace {

// What no account sees: code, stacks, and what libraries allocate for themselves.
constexpr int64_t kReserve = int64_t{16} << 20;

// Of those who say what state may take the one who says least.
Result<int64_t> StateLimit(const Configuration& configuration) {
  CASTOR_ASSIGN_OR_RETURN(
      const int64_t bytes,
      configuration.GetMemorySize("castor.memory.state", MemoryAccount::kUnlimited));
  CASTOR_ASSIGN_OR_RETURN(const state::GeminiOptions store,
                          state::ReadGeminiOptions(configuration));
  return std::min(bytes, store.memory_bytes);
}

}  // namespace

Status LimitMemory(const Configuration& configuration) {
  CASTOR_ASSIGN_OR_RETURN(const int64_t limit,
                          configuration.GetMemorySize("castor.memory", MemoryAccount::kUnlimited));
  CASTOR_ASSIGN_OR_RETURN(const int64_t state, StateLimit(configuration));
  if (limit == MemoryAccount::kUnlimited) {
    MemoryAccount::State().set_limit(state);
    return Status::OK();
  }
  CASTOR_ASSIGN_OR_RETURN(const int64_t reserve,
                          configuration.GetMemorySize("castor.memory.reserve", kReserve));
  if (reserve < 0 || limit < 2 * std::max(reserve, kReserve)) {
    return Status::InvalidArgument(
        "castor.memory must be at least 32mb, and twice castor.memory.reserve (" +
        std::to_string(reserve >> 20) + "mb)");
  }
  KeepAllocatorSmall();
  runtime::MemoryGuard::Limit(limit, reserve, state);
  return Status::OK();
}

}  // namespace castor::worker
