// simdjson's stage 1: where in a text the structural characters stand.
//
// Those are { } [ ] : , outside of strings, the opening quote of each string, and the first
// character of each other scalar. Also validates UTF-8. The text must be followed by kBlockPadding
// readable bytes. One thread at a time; positions stay valid until the next Build.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace castor::format::json {

class StructuralIndex {
 public:
  enum class Outcome : uint8_t {
    kOk,
    kControlCharacter,  // an unescaped control character (a line end as well) inside a string
    kUnclosedString,
    kInvalidUtf8,
    kEmpty,     // nothing but white space
    kTooLarge,  // no memory for the positions
  };

  StructuralIndex();
  ~StructuralIndex();
  StructuralIndex(const StructuralIndex&) = delete;
  StructuralIndex& operator=(const StructuralIndex&) = delete;

  Outcome Build(std::string_view text);

  // Ascending offsets, ended by one that is the size of the text.
  const uint32_t* positions() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace castor::format::json
