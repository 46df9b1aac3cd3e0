// All entries of one key of a map or list state, a page at a time. State may be pending at any
// page: the same call is then repeated, and goes on where it was. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "state/keyed_state.h"

namespace castor::state {

class EntryWalk {
 public:
  // Calls visit(record) for each entry of keys.key(row).
  template <typename Visit>
  Result<Readiness> Run(KeyEntries* entries, const KeyBatch& keys, int32_t row, Visit&& visit) {
    if (!located_) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness located, entries->Locate(keys, {&row, 1}, &handles_));
      if (located == Readiness::kPending) return located;
      located_ = true;
      cursor_ = handles_[0] == 0 ? KeyEntries::kEndOfEntries : 0;
    }
    while (cursor_ != KeyEntries::kEndOfEntries) {
      page_.clear();
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness read,
          entries->Entries(handles_[0], AccessMode::kRead, &cursor_, kPageEntries, &page_));
      if (read == Readiness::kPending) return read;
      for (const Record& record : page_) visit(record);
    }
    located_ = false;
    return Readiness::kReady;
  }

 private:
  static constexpr size_t kPageEntries = 1024;

  bool located_ = false;
  std::vector<uint64_t> handles_;
  uint64_t cursor_ = 0;
  std::vector<Record> page_;
};

}  // namespace castor::state
