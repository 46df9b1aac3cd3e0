#include "test/fuzz/bytes/reader.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace castor::fuzz {
namespace {

std::vector<Reader>& All() {
  static std::vector<Reader> all;
  return all;
}

}  // namespace

Registered::Registered(Reader reader) { All().push_back(std::move(reader)); }

std::vector<Reader> Readers() {
  std::vector<Reader> readers = All();
  std::sort(readers.begin(), readers.end(),
            [](const Reader& a, const Reader& b) { return a.name < b.name; });
  return readers;
}

void Require(bool ok) {
  if (!ok) std::abort();
}

void Touch(std::string_view bytes) {
  static volatile char seen;
  for (const char byte : bytes) seen = static_cast<char>(seen ^ byte);
}

}  // namespace castor::fuzz
