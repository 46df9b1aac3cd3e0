#include "state/gemini_states.h"

#include <string>

namespace castor::state {

Status CheckBlobSize(std::string_view bytes) {
  if (bytes.size() <= UINT32_MAX) return Status::OK();
  return Status::ResourceExhausted("one state value of " + std::to_string(bytes.size()) +
                                   " bytes; 4 GiB is the most");
}

Result<Readiness> GeminiWindowState::Scan(TimestampMs window, AccessMode mode, uint64_t* cursor,
                                          size_t max_records, std::vector<Record>* page) {
  page->clear();
  if (mode == AccessMode::kRead) {
    return store_->ScanPage(table_, window, cursor, max_records, page);
  }
  uint64_t handle = 0;
  CASTOR_ASSIGN_OR_RETURN(const Readiness found, store_->Scan(table_, window, &handle));
  if (found == Readiness::kPending) return found;
  table_->Walk(handle, mode, 0, cursor, max_records, page);
  return Readiness::kReady;
}

}  // namespace castor::state
