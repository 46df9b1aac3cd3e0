// The metadata of a snapshot of a job, behind its first line, and the name of a run that has ended.
#include <algorithm>

#include "gemini/store/test_file_system.h"
#include "runtime/checkpoint/run_end.h"
#include "runtime/checkpoint/snapshot_directory.h"
#include "runtime/checkpoint/snapshot_metadata.h"
#include "test/fuzz/bytes/job/json_mutation.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace runtime;

constexpr const char* kDirectory = "/state/run/chk-3";
constexpr std::string_view kFirstLine = "castor-snapshot 2 0000000000000000\n";

std::string Metadata() {
  SnapshotMetadata metadata;
  metadata.id = 3;
  metadata.kind = "checkpoint";
  metadata.ancestors = {{"run-1", 2}};
  OperatorRecord op;
  op.uid = "count";
  op.aliases = {"sum"};
  op.parallelism = 2;
  const state::StateFile own{"/state/run/chk-3/op0-0-x", 5}, shared{"/state/run/shared/a", 7};
  op.instances[0] = {"op0-0", 8, 0, {{"keyed", 3}, {"own", 5}}, {shared, own}};
  op.instances[1] = {"op0-1", 4, 0, {{"keyed", 4}}, {shared}};
  op.coordinator = FileRecord{"op0-c", 1, 0, {{"splits", 1}}, {}};
  metadata.operators.push_back(op);
  return EncodeMetadata(metadata, kDirectory);
}

std::vector<std::string> Seeds() {
  const std::string bytes = Metadata();
  Require(bytes.starts_with(kFirstLine));
  return {bytes.substr(kFirstLine.size())};
}

bool Read(std::string_view json) {
  const auto read = DecodeMetadata(std::string(kFirstLine).append(json), kDirectory);
  if (!read.ok()) return false;
  read->SharedFiles();
  read->OwnByteSize();
  read->SharedByteSize();
  for (const OperatorRecord& op : read->operators) {
    for (const auto& [subtask, file] : op.instances) {
      StoredFile stored{std::string(static_cast<size_t>(std::min<int64_t>(file.bytes, 1000)), 'x'),
                        file.sections};
      for (const auto& [section, bytes] : file.sections) Touch(stored.section(section));
    }
  }
  return true;
}

// With its first line, which is damaged, too.
std::vector<std::string> FileSeeds() { return {Metadata()}; }
bool ReadFile(std::string_view bytes) { return DecodeMetadata(bytes, kDirectory).ok(); }

std::vector<std::string> EndSeeds() { return {R"({"run":"run-2","ancestors":[["run-1",2]]})"}; }

bool ReadEnd(std::string_view json) {
  gemini::TestFileSystem files;
  files.files[std::string("dir/") + std::string(kRunEndFile)] = std::make_shared<std::string>(json);
  return ReadRunEnd(files, "dir").ok();
}

const Registered kMetadata({"metadata", Seeds, Read, MutateJson});
const Registered kMetadataFile({"metadata_file", FileSeeds, ReadFile});
const Registered kRunEnd({"run_end", EndSeeds, ReadEnd, MutateJson});

}  // namespace
}  // namespace castor::fuzz
