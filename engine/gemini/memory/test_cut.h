// Drives a cut to its end, for tests of tables.
#pragma once

#include <vector>

#include "gemini/memory/memory_tier.h"

namespace castor::gemini {

// What the cut on its way says, of which `buffer` gets everything; then the cut is over.
inline std::vector<EntryKind> FinishCut(MemoryTier* tier, EntryBuffer* buffer) {
  while (tier->SaveSome(100)) {
  }
  std::vector<EntryKind> kinds;
  for (size_t i = 0; i < buffer->size(); ++i) kinds.push_back(buffer->EntryAt(i).kind);
  tier->EndCut(true);
  while (tier->Settle(100)) {
  }
  return kinds;
}

}  // namespace castor::gemini
