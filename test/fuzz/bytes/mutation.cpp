#include "test/fuzz/bytes/mutation.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace castor::fuzz {
namespace {

// Distributions of the standard library are not the same everywhere.
size_t Below(size_t end, std::mt19937_64* random) { return end == 0 ? 0 : (*random)() % end; }

// Numbers at which readers go wrong: about nothing, about the size of the file, about overflow.
uint64_t Number(size_t bytes, std::mt19937_64* random) {
  const std::array<uint64_t, 8> bases = {
      0, 1, bytes, 0x7F, 0x7FFF, 0x7FFFFFFF, ~uint64_t{0} >> 1, ~uint64_t{0}};
  return bases[Below(bases.size(), random)] + Below(5, random) - 2;
}

void OverwriteNumber(std::string* bytes, std::mt19937_64* random) {
  const size_t width = size_t{1} << Below(4, random);
  if (bytes->size() < width) return;
  static_assert(std::endian::native == std::endian::little);
  const uint64_t number = Number(bytes->size(), random);
  std::memcpy(bytes->data() + Below(bytes->size() - width + 1, random), &number, width);
}

void Change(std::string* bytes, const std::string& other, std::mt19937_64* random) {
  const size_t at = Below(bytes->size(), random);
  const size_t length = 1 + Below(std::min<size_t>(bytes->size() - at, 64), random);
  switch (Below(7, random)) {
    case 0:
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << Below(8, random)));
      return;
    case 1:
      (*bytes)[at] = static_cast<char>((*random)());
      return;
    case 2:
    case 3:
      return OverwriteNumber(bytes, random);
    case 4:
      bytes->erase(at, length);
      return;
    case 5:
      bytes->insert(at, bytes->substr(Below(bytes->size(), random), length));
      return;
    default: {
      const std::string piece = other.substr(Below(other.size(), random), length);
      bytes->replace(at, std::min(length, piece.size()), piece);
    }
  }
}

}  // namespace

std::string Mutate(std::string bytes, const std::string& other, std::mt19937_64* random) {
  const size_t changes = 1 + Below(4, random);
  for (size_t i = 0; i < changes && !bytes.empty(); ++i) Change(&bytes, other, random);
  if (Below(16, random) == 0) bytes.resize(Below(bytes.size(), random));
  return bytes;
}

}  // namespace castor::fuzz
