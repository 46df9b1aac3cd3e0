// Hashes passwords, which is slow and takes 64 MiB on purpose: a few at a time, so that many who
// log in at once cannot take the machine's memory.
//
// Thread-safe. Nobody calls it while holding a lock or a session of the store.
#pragma once

#include <memory>
#include <semaphore>
#include <string>

#include "base/status.h"

namespace castor::platform {

class Passwords {
 public:
  static constexpr size_t kFewestCharacters = 10;

  static Result<std::unique_ptr<Passwords>> Make();
  // kInternal: there is no memory for it.
  Result<std::string> Hash(const std::string& password);
  // `hash` is empty if nobody has that name; it takes as long as if there were one.
  bool Verify(const std::string& hash, const std::string& password);

 private:
  static constexpr int kAtOnce = 2;
  using Room = std::counting_semaphore<kAtOnce>;
  class Place;
  Passwords() = default;

  Room room_{kAtOnce};
  std::string nobodys_;  // of a password that nobody knows
};

}  // namespace castor::platform
