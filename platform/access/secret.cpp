#include "platform/access/secret.h"

#include <sodium.h>

#include <array>

namespace castor::platform {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kDigestBytes = 32;

}  // namespace

Status PrepareSecrets() {
  return sodium_init() >= 0 ? Status::OK()
                            : Status::Internal("the system has no random numbers for secrets");
}

std::string NewSecret(std::string_view prefix) {
  constexpr int kForm = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::array<unsigned char, kSecretBytes> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, sodium_base64_ENCODED_LEN(kSecretBytes, kForm)> text;
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kForm);
  return std::string(prefix) + text.data();
}

std::string NewPassword() {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  constexpr size_t kGroups = 4, kGroupLetters = 5;
  std::string password;
  for (size_t i = 0; i < kGroups * kGroupLetters; ++i) {
    if (i != 0 && i % kGroupLetters == 0) password += '-';
    password += kLetters[randombytes_uniform(kLetters.size())];
  }
  return password;
}

std::string DigestOf(std::string_view secret) {
  std::array<unsigned char, kDigestBytes> digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr,
                     0);
  std::array<char, 2 * kDigestBytes + 1> text;
  return sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
}

std::string CsrfTokenOf(std::string_view secret) { return DigestOf("csrf " + std::string(secret)); }

bool IsSame(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace castor::platform
