// A 128-bit content hash (XXH3) of several texts; their borders count.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace castor::cli {

class Digest {
 public:
  Digest();
  ~Digest();

  Digest& Add(std::string_view text);
  std::string Hex() const;  // 32 digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace castor::cli
