// How much of the budget is for blocks that have been read, and how much for records.
//
// One step at a time goes to whom it spares more reads (Cidon, Eisenman, Alizadeh, Katti:
// "Cliffhanger", NSDI 2016). Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace castor::gemini {

// Reads lately.
struct CacheUse {
  int64_t bytes = 0;             // the cache has now
  int64_t step = 0;              // bytes
  int64_t most = 0;              // bytes
  double spared_by_more = 0;     // that a step more for the cache would have spared
  double spared_by_last = 0;     // that its last step has spared
  double spared_by_records = 0;  // that a step more for records would have spared
};

struct CacheChange {
  int64_t bytes = 0;
  std::string reason;
};

// `enough`: reads from which on a change is worth it.
std::optional<CacheChange> DecideCache(const CacheUse& use, double enough);

}  // namespace castor::gemini
