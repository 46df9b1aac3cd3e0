#include "platform/metadata/vault.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

#include "io/file_system.h"

namespace castor::platform {
namespace {

constexpr size_t kNonceBytes = 12, kTagBytes = 16;

struct ContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter>;

const uint8_t* Bytes(const std::string& text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string ToHex(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Empty if it is none.
std::vector<uint8_t> FromHex(const std::string& text) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = DigitOf(text[i]), low = DigitOf(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes.push_back(static_cast<uint8_t>(high << 4 | low));
  }
  return bytes;
}

// Written once, whole, and for its user only.
Status MakeKey(const std::string& path, size_t bytes) {
  std::vector<uint8_t> key(bytes);
  if (RAND_bytes(key.data(), static_cast<int>(bytes)) != 1) {
    return Status::Internal("no random bytes for a key");
  }
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      fd >= 0 && ::write(fd, key.data(), bytes) == static_cast<ssize_t>(bytes) && ::fsync(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (written && ::rename(draft.c_str(), path.c_str()) == 0) return Status::OK();
  return Status::IoError("cannot write " + path + ": " + std::generic_category().message(reason));
}

}  // namespace

Result<Vault> Vault::Open(const std::string& key_file) {
  CASTOR_ASSIGN_OR_RETURN(const bool exists, io::LocalFileSystem().Exists(key_file));
  if (!exists) CASTOR_RETURN_NOT_OK(MakeKey(key_file, kKeyBytes));
  CASTOR_ASSIGN_OR_RETURN(const std::string text,
                          io::ReadWholeFile(io::LocalFileSystem(), key_file));
  if (text.size() != kKeyBytes) return Status::Corruption(key_file + " holds no key");
  Key key;
  std::copy(text.begin(), text.end(), key.begin());
  return Vault(key);
}

// Nonce, ciphertext, tag.
Result<std::string> Vault::Seal(const std::string& text, const std::string& context) const {
  std::vector<uint8_t> sealed(kNonceBytes + text.size() + kTagBytes);
  uint8_t* const body = sealed.data() + kNonceBytes;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int n = 0;
  const bool done =
      RAND_bytes(sealed.data(), kNonceBytes) == 1 &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data()) ==
          1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &n, Bytes(context),
                        static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), body, &n, Bytes(text), static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), body + text.size(), &n) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, body + text.size()) == 1;
  if (!done) return Status::Internal("a secret could not be encrypted");
  return ToHex(sealed);
}

Result<std::string> Vault::Unseal(const std::string& sealed, const std::string& context) const {
  std::vector<uint8_t> bytes = FromHex(sealed);
  const auto corrupt = [] {
    return Status::Corruption("a secret cannot be decrypted: it is of another key or place");
  };
  if (bytes.size() < kNonceBytes + kTagBytes) return corrupt();
  const size_t size = bytes.size() - kNonceBytes - kTagBytes;
  const uint8_t* const body = bytes.data() + kNonceBytes;
  std::string text(size, '\0');
  auto* const out = reinterpret_cast<uint8_t*>(text.data());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int n = 0;
  const bool done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(),
                                       bytes.data()) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), nullptr, &n, Bytes(context),
                                      static_cast<int>(context.size())) == 1 &&
                    EVP_DecryptUpdate(cipher.get(), out, &n, body, static_cast<int>(size)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes,
                                        bytes.data() + kNonceBytes + size) == 1 &&
                    EVP_DecryptFinal_ex(cipher.get(), out + size, &n) == 1;
  if (!done) return corrupt();
  return text;
}

}  // namespace castor::platform
