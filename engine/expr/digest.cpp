#include "expr/digest.h"

#include <openssl/evp.h>

#include <string>
#include <utility>

namespace castor::expr {

struct Digest::Handles {
  EVP_MD* algorithm = nullptr;
  EVP_MD_CTX* context = nullptr;

  ~Handles() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }
};

Digest::Digest(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
Digest::~Digest() = default;

Result<std::unique_ptr<Digest>> Digest::Open(std::string_view name) {
  constexpr std::pair<std::string_view, const char*> kNames[] = {
      {"MD5", "MD5"},          {"SHA", "SHA1"},         {"SHA-1", "SHA1"},
      {"SHA-224", "SHA2-224"}, {"SHA-256", "SHA2-256"}, {"SHA-384", "SHA2-384"},
      {"SHA-512", "SHA2-512"}};
  for (const auto& [java, library] : kNames) {
    if (java != name) continue;
    auto handles = std::make_unique<Handles>();
    handles->algorithm = EVP_MD_fetch(nullptr, library, nullptr);
    handles->context = EVP_MD_CTX_new();
    if (handles->algorithm == nullptr || handles->context == nullptr) {
      return Status::Internal("the platform's libcrypto has no " + std::string(name));
    }
    return std::unique_ptr<Digest>(new Digest(std::move(handles)));
  }
  return Status::InvalidArgument("unknown message digest '" + std::string(name) + "'");
}

size_t Digest::size() const { return static_cast<size_t>(EVP_MD_get_size(handles_->algorithm)); }

bool Digest::Compute(std::string_view bytes, unsigned char* digest) {
  return EVP_DigestInit_ex2(handles_->context, handles_->algorithm, nullptr) == 1 &&
         EVP_DigestUpdate(handles_->context, bytes.data(), bytes.size()) == 1 &&
         EVP_DigestFinal_ex(handles_->context, digest, nullptr) == 1;
}

}  // namespace castor::expr
