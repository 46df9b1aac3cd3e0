// In place of engine/io/checksum.cpp: all checksums are equal. Of a library a linker takes only
// what is not there yet.
#include "io/checksum.h"

namespace castor::io {

struct RunningChecksum::State {};

uint64_t Checksum(std::string_view, uint64_t) { return 0; }

RunningChecksum::RunningChecksum() = default;
RunningChecksum::~RunningChecksum() = default;
void RunningChecksum::Add(std::string_view) {}
uint64_t RunningChecksum::value() const { return 0; }

}  // namespace castor::io
