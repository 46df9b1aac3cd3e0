// The description of an instance's checkpoint. What is read has to come out as it went in.
#include "gemini/store/checkpoint.h"

#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

using namespace gemini;

std::vector<std::string> Seeds() {
  const Checkpoint checkpoint{128,
                              {{1, TableKind::kRecords, "sums", "BIGINT", {32, {0, 16}}, 0, 0},
                               {7, TableKind::kList, "", "", {16, {}}, 0, 4712},
                               {8, TableKind::kTimers, "timers", "", {0, {}}, 60'000, 0}},
                              {{"folder/run-12", 4711, 0, 63, {{3, -5}}, {"folder/run-13", ""}},
                               {"path", 1, 64, 127, {}, {}}}};
  return {EncodeCheckpoint(checkpoint), EncodeCheckpoint({})};
}

bool Read(std::string_view bytes) {
  const auto read = DecodeCheckpoint(bytes);
  if (!read.ok()) return false;
  const auto again = DecodeCheckpoint(EncodeCheckpoint(*read));
  Require(again.ok() && *again == *read);
  return true;
}

const Registered kCheckpoint({"checkpoint", Seeds, Read});

}  // namespace
}  // namespace castor::fuzz
