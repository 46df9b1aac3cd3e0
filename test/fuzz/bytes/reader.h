// Readers of stored bytes, to be given damaged ones by libFuzzer (libfuzzer.cpp) or by mutations
// that come again (bytes_test.cpp). A file registers one; which are there is a matter of which are
// linked. In these programs all checksums are equal (constant_checksum.cpp), so that what has been
// changed comes further than to its checksum.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace castor::fuzz {

struct Reader {
  std::string name;
  // Right inputs to begin with.
  std::vector<std::string> (*seeds)();
  // Reads all of them, as who needs them does. False: they were refused, by a Status. Aborts where
  // what was read contradicts itself; of anything else the sanitizers speak.
  bool (*read)(std::string_view bytes);
  // Of damage that keeps what all of it depends on, as that JSON is JSON; or nullptr.
  std::string (*mutate)(std::string bytes, std::mt19937_64* random) = nullptr;
};

// In the order of names.
std::vector<Reader> Readers();

// Of static storage.
struct Registered {
  explicit Registered(Reader reader);
};

// What cannot be otherwise, or the program ends.
void Require(bool ok);
// Looks at every byte.
void Touch(std::string_view bytes);

}  // namespace castor::fuzz
