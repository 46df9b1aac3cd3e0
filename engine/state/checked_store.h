// For tests: a store that looks whether its user does with records what it said it would
// (AccessMode). What was loaded to be read must not change; what is overwritten holds anything
// before. It costs time and memory for each record. Not thread-safe, as any store.
#pragma once

#include <memory>
#include <string>

#include "state/read_records.h"
#include "state/snapshot.h"

namespace castor::state {

std::unique_ptr<SnapshottableStore> MakeCheckedStore(std::unique_ptr<SnapshottableStore> store,
                                                     ReportMisuse report);

// For whole jobs under test: the store itself, or, where the environment says CASTOR_CHECK_STATE=1,
// one that ends the process with a message at the first misuse.
std::unique_ptr<SnapshottableStore> CheckedIfAsked(const std::string& operator_name,
                                                   std::unique_ptr<SnapshottableStore> store);

}  // namespace castor::state
