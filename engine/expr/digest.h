// Message digests of the platform's libcrypto, under the names of java.security.MessageDigest.
#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"

namespace castor::expr {

// One digest after the other; not thread-safe.
class Digest {
 public:
  static constexpr size_t kMaxSize = 64;

  // `name`: MD5, SHA (SHA-1), SHA-224, SHA-256, SHA-384 or SHA-512; kInvalidArgument for others.
  static Result<std::unique_ptr<Digest>> Open(std::string_view name);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  size_t size() const;
  // Writes size() bytes; false if the library fails.
  bool Compute(std::string_view bytes, unsigned char* digest);

 private:
  struct Handles;
  explicit Digest(std::unique_ptr<Handles> handles);

  const std::unique_ptr<Handles> handles_;
};

}  // namespace castor::expr
