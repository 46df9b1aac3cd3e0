// Snapshots of keyed state in both formats, restored into a store that is read through and saved
// again.
#include "state/test_snapshot.h"
#include "test/fuzz/bytes/parts.h"
#include "test/fuzz/bytes/reader.h"
#include "test/fuzz/bytes/state/keyed_states.h"

namespace castor::fuzz {
namespace {

using namespace state;

StoreHost HostOf(gemini::TestFileSystem* files) {
  StoreHost host;
  host.file_system = files;
  host.file_prefix = "own/";
  return host;
}

bool SaveAgain(SnapshottableStore& store) {
  auto cut = store.Cut(SnapshotFormat::kCanonical);
  if (!cut.ok()) return false;
  while (true) {
    store.Maintain(/*at_rest=*/true, std::chrono::hours(1));
    const Result<bool> written = (*cut)->Write([](std::string_view) { return Status::OK(); });
    if (!written.ok()) return false;
    if (*written) return true;
  }
}

bool Restore(const StoredState& stored, gemini::TestFileSystem* files) {
  const auto store = NewStore(HostOf(files));
  if (!store->Restore(stored).ok()) return false;
  const bool read = ReadThrough(*store);
  return SaveAgain(*store) && read;
}

TestSnapshot Snapshot(SnapshotFormat format, gemini::TestFileSystem* files) {
  const auto store = NewStore(HostOf(files));
  Fill(*store);
  return TakeSnapshot(*store, format);
}

std::vector<std::string> CanonicalSeeds() {
  gemini::TestFileSystem files;
  return {Snapshot(SnapshotFormat::kCanonical, &files).bytes};
}

bool ReadCanonical(std::string_view bytes) {
  gemini::TestFileSystem files;
  return Restore({bytes}, &files);
}

// The description, then its files.
std::vector<std::string> NativeSeeds() {
  gemini::TestFileSystem files;
  const TestSnapshot snapshot = Snapshot(SnapshotFormat::kNative, &files);
  std::vector<std::string> parts = {snapshot.bytes};
  for (const StateFile& file : snapshot.files) parts.push_back(*files.files.at(file.path));
  return {Pack(parts)};
}

bool ReadNative(std::string_view bytes) {
  const std::vector<std::string> parts = Unpack(bytes);
  if (parts.empty()) return false;
  gemini::TestFileSystem files;
  StoredState stored{parts[0]};
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string path = "old/" + std::to_string(i);
    files.files[path] = std::make_shared<std::string>(parts[i]);
    stored.files.push_back({path, static_cast<int64_t>(parts[i].size())});
  }
  return Restore(stored, &files);
}

const Registered kCanonical({"canonical_snapshot", CanonicalSeeds, ReadCanonical});
const Registered kNative({"native_snapshot", NativeSeeds, ReadNative});

}  // namespace
}  // namespace castor::fuzz
