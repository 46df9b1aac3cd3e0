// For tests: a host of a store that keeps its files in memory and does at once what blocks, and a
// cut that is saved and written at once.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "gemini/store/test_file_system.h"
#include "state/snapshot.h"

namespace castor::state {

// Files of all stores of a test, none of which it deletes. Must outlive them.
class TestStoreHost {
 public:
  StoreHost Host() {
    StoreHost host;
    host.file_system = &files_;
    host.file_prefix = "dir/" + std::to_string(instances_++) + "-";
    return host;
  }

 private:
  gemini::TestFileSystem files_;
  int instances_ = 0;
};

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
    store.Maintain(/*at_rest=*/true, std::chrono::hours(1));
  } while (!WriteSome(cut, bytes));
}

// A snapshot of either format, and the cut that holds its files.
struct TestSnapshot {
  std::string bytes;
  std::vector<StateFile> files;
  std::unique_ptr<StateCut> cut;

  StoredState stored() const { return {bytes, files}; }
};

inline TestSnapshot TakeSnapshot(SnapshottableStore& store, SnapshotFormat format) {
  TestSnapshot snapshot;
  snapshot.cut = store.Cut(format).value();
  WriteRest(store, *snapshot.cut, &snapshot.bytes);
  snapshot.files = snapshot.cut->files();
  return snapshot;
}

inline std::string SnapshotOf(SnapshottableStore& store) {
  std::string bytes;
  WriteRest(store, *store.Cut(SnapshotFormat::kCanonical).value(), &bytes);
  return bytes;
}

}  // namespace castor::state
