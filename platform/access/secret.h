// Secrets that say who somebody is: made at random, kept as digests only. Stateless, thread-safe
// once PrepareSecrets has succeeded.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::platform {

// Before all others here. kInternal: the system has no random numbers.
Status PrepareSecrets();
// `prefix` and 256 random bits, as letters, digits, - and _.
std::string NewSecret(std::string_view prefix);
// For a person to type once: 100 random bits, no letters that look alike.
std::string NewPassword();
// By which a secret is found again. A fast hash, as nobody can guess 256 bits.
std::string DigestOf(std::string_view secret);
// What requests that change something say beside the cookie with `secret`; a page can have asked
// for it only if it is of this server.
std::string CsrfTokenOf(std::string_view secret);
// In a time that does not tell where they differ.
bool IsSame(std::string_view left, std::string_view right);

}  // namespace castor::platform
