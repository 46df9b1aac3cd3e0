// The arrays at the head of a block in the form that compresses: of each group, hash and end what
// it is more than the one before, and of these numbers all first bytes, then all second ones and so
// on (as Parquet's DELTA and BYTE_STREAM_SPLIT encodings do). Entries stand in order and are mostly
// of one size, so nearly all but some bytes of the hashes become zeros. Thread-safe.
#pragma once

#include <string>

namespace castor::gemini {

// Of a block as BlockBuilder has made it.
void PutDeltas(std::string* block);
// The block again. False if the bytes cannot be one.
[[nodiscard]] bool TakeDeltas(std::string* block);

}  // namespace castor::gemini
