// One state of each kind: filled, and read through.
#pragma once

#include <memory>
#include <string>

#include "state/snapshot.h"

namespace castor::fuzz {

inline constexpr int32_t kKeyGroups = 8;

std::unique_ptr<state::SnapshottableStore> NewStore(const state::StoreHost& host);
void Fill(state::SnapshottableStore& store);
// Opens all states and looks at all that they hold. False: something could not be read.
bool ReadThrough(state::SnapshottableStore& store);

}  // namespace castor::fuzz
