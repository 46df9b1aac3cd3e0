// Lists of splits, as the coordinators of sources keep them.
#include "runtime/source/split_codec.h"
#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

std::vector<std::string> Seeds() {
  return {runtime::EncodeSplits({}),
          runtime::EncodeSplits({{"a", ""}, {"b", std::string(40, 's')}})};
}

// What is read has to come out as it went in.
bool Read(std::string_view bytes) {
  const auto splits = runtime::DecodeSplits(bytes);
  if (!splits.ok()) return false;
  Require(runtime::EncodeSplits(*splits) == bytes);
  return true;
}

const Registered kSplits({"splits", Seeds, Read});

}  // namespace
}  // namespace castor::fuzz
