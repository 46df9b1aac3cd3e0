// What tables of files keep: positions of readers, states and committables of writers.
#include "connector/filesystem/file_split.h"
#include "connector/filesystem/part_file.h"
#include "connector/filesystem/partition_commit.h"
#include "connector/filesystem/writer_state.h"
#include "test/fuzz/bytes/job/json_mutation.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace connector::filesystem;

PartitionReport Report() { return {1, 2, 5000, {{"day=1", 10}}, {"day=2"}}; }

std::vector<std::string> SplitSeeds() {
  return {FileSplit{"dir/file", "file", 0, 10, 20, 30, 5, "position"}.ToSplit().state};
}
bool ReadSplit(std::string_view state) {
  return FileSplit::FromSplit({"id", std::string(state)}).ok();
}

std::vector<std::string> CommittableSeeds() {
  return {PendingFile{"dir", ".hidden", "name"}.ToCommittable(), Report().ToText()};
}
bool ReadCommittable(std::string_view text) {
  PartitionReport report;
  const bool reports = PartitionReport::FromText(text, &report);
  return reports || PendingFile::FromCommittable(text).ok();
}

std::vector<std::string> WriterSeeds() {
  return {WriterState{Report(), {{"day=2", {"dir", ".hidden", "name"}, 100, 20}}}.ToText()};
}
bool ReadWriter(std::string_view text) { return WriterState::FromText(text).ok(); }

const Registered kSplit({"file_split", SplitSeeds, ReadSplit, MutateJson});
const Registered kCommittable({"file_committable", CommittableSeeds, ReadCommittable, MutateJson});
const Registered kWriter({"file_writer", WriterSeeds, ReadWriter, MutateJson});

}  // namespace
}  // namespace castor::fuzz
