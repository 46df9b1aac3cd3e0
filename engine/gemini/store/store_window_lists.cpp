// How rows come to the keys of windows, and windows that fire come back into memory.
#include "gemini/store/store.h"

namespace castor::gemini {

Result<Readiness> Store::Hold(WindowListTable* table, int64_t window) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending || table->Hold(window)) return begun;
  return StartFetches(Sought::kWindowRows, table, {table->options().table, window}, {{}});
}

Result<Readiness> Store::Locate(WindowListTable* table, int64_t window, const Keys& keys,
                                std::vector<uint64_t>* handles) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness held, Hold(table, window));
  if (held == Readiness::kReady) table->Locate(window, keys, handles);
  return held;
}

Result<Readiness> Store::WalkKeys(WindowListTable* table, int64_t window, uint64_t* cursor,
                                  size_t most, std::vector<WindowKey>* page) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness held, Hold(table, window));
  if (held == Readiness::kReady) table->WalkKeys(window, cursor, most, page);
  return held;
}

void Store::DropWindow(WindowListTable* table, int64_t window) {
  table->Drop(window);
  DropSection({table->options().table, window});
}

}  // namespace castor::gemini
