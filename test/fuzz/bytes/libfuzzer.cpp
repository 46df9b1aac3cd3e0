// Damaged inputs by libFuzzer for the reader that CASTOR_READER names; for another name a list of
// those there are. Right inputs are written to the folder CASTOR_SEEDS, if there is one.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "test/fuzz/bytes/reader.h"

namespace castor::fuzz {
namespace {

Reader Chosen() {
  const char* name = std::getenv("CASTOR_READER");
  for (const Reader& reader : Readers()) {
    if (name != nullptr && reader.name == name) return reader;
  }
  std::fprintf(stderr, "CASTOR_READER names none of the readers:\n");
  for (const Reader& reader : Readers()) std::printf("%s\n", reader.name.c_str());
  std::exit(0);
}

const Reader& TheReader() {
  static const Reader reader = Chosen();
  return reader;
}

void WriteSeeds(const std::string& folder) {
  int number = 0;
  for (const std::string& seed : TheReader().seeds()) {
    std::ofstream file(folder + "/seed-" + std::to_string(number++), std::ios::binary);
    file.write(seed.data(), static_cast<std::streamsize>(seed.size()));
  }
}

}  // namespace
}  // namespace castor::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  castor::fuzz::TheReader();
  if (const char* folder = std::getenv("CASTOR_SEEDS")) castor::fuzz::WriteSeeds(folder);
  return 0;
}

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  const castor::fuzz::Reader& reader = castor::fuzz::TheReader();
  if (reader.mutate == nullptr || seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::mt19937_64 random(seed);
  const std::string changed =
      reader.mutate({reinterpret_cast<const char*>(data), size}, &random).substr(0, max_size);
  std::copy(changed.begin(), changed.end(), data);
  return changed.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  castor::fuzz::TheReader().read({reinterpret_cast<const char*>(data), size});
  return 0;
}
