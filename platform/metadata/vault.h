// Keeps secrets unreadable at rest: AES-256-GCM under a key in a file of its own, which only its
// user can read. Who has the database and not the key has nothing.
//
// Immutable once opened, and so thread-safe. A sealed text is bound to its context (where it
// belongs), so that nobody can move it to another place of the database.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/status.h"

namespace castor::platform {

class Vault {
 public:
  // Makes the key file if there is none. kCorruption: the file holds no key.
  static Result<Vault> Open(const std::string& key_file);

  // Hexadecimal digits; another text each time.
  Result<std::string> Seal(const std::string& text, const std::string& context) const;
  // kCorruption: it was sealed with another key or context, or has been changed.
  Result<std::string> Unseal(const std::string& sealed, const std::string& context) const;

 private:
  static constexpr size_t kKeyBytes = 32;
  using Key = std::array<uint8_t, kKeyBytes>;
  explicit Vault(const Key& key) : key_(key) {}

  Key key_;
};

}  // namespace castor::platform
