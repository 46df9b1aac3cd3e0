// For tests: a cut that is saved and written at once.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "state/snapshot.h"

namespace castor::state {

inline bool WriteSome(StateCut& cut, std::string* bytes) {
  const Result<bool> written = cut.Write([bytes](std::string_view part) {
    bytes->append(part);
    return Status::OK();
  });
  EXPECT_TRUE(written.ok()) << written.status().ToString();
  return !written.ok() || *written;
}

// Goes on with the last cut of `store` until all of it is written behind `bytes`.
inline void WriteRest(SnapshottableStore& store, StateCut& cut, std::string* bytes) {
  do {
    store.Maintain(true, std::chrono::hours(1));
  } while (!WriteSome(cut, bytes));
}

inline std::string SnapshotOf(SnapshottableStore& store) {
  std::string bytes;
  WriteRest(store, *store.Cut(SnapshotFormat::kNative, {}).value(), &bytes);
  return bytes;
}

}  // namespace castor::state
