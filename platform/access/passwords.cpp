#include "platform/access/passwords.h"

#include <sodium.h>

#include <array>

#include "platform/access/secret.h"

namespace castor::platform {

class Passwords::Place {
 public:
  explicit Place(Room* room) : room_(room) { room_->acquire(); }
  ~Place() { room_->release(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  Room* const room_;
};

Result<std::unique_ptr<Passwords>> Passwords::Make() {
  std::unique_ptr<Passwords> passwords(new Passwords());
  CASTOR_ASSIGN_OR_RETURN(passwords->nobodys_, passwords->Hash(NewSecret("")));
  return passwords;
}

Result<std::string> Passwords::Hash(const std::string& password) {
  const Place place(&room_);
  std::array<char, crypto_pwhash_STRBYTES> hash;
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    return Status::Internal("there is no memory to hash a password; try again");
  }
  return std::string(hash.data());
}

bool Passwords::Verify(const std::string& hash, const std::string& password) {
  const Place place(&room_);
  const std::string& compared = hash.empty() ? nobodys_ : hash;
  const bool same =
      crypto_pwhash_str_verify(compared.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

}  // namespace castor::platform
