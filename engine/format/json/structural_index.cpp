#include "format/json/structural_index.h"

#include <simdjson.h>

#include "format/api/format.h"

namespace castor::format::json {

struct StructuralIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> implementation;
};

StructuralIndex::StructuralIndex() : parser_(std::make_unique<Parser>()) {
  // Cannot fail: no memory is taken before set_capacity.
  [[maybe_unused]] auto error =
      simdjson::get_active_implementation()->create_dom_parser_implementation(
          0, simdjson::DEFAULT_MAX_DEPTH, parser_->implementation);
}

StructuralIndex::~StructuralIndex() = default;

StructuralIndex::Outcome StructuralIndex::Build(std::string_view text) {
  static_assert(simdjson::SIMDJSON_PADDING <= kBlockPadding, "kBlockPadding must cover simdjson's");
  simdjson::internal::dom_parser_implementation& parser = *parser_->implementation;
  if (parser.capacity() < text.size()) {
    // Grows by doubling: windows differ a little from block to block.
    if (parser.set_capacity(text.size() * 2) != simdjson::SUCCESS) return Outcome::kTooLarge;
  }
  switch (parser.stage1(reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                        simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS:
      return Outcome::kOk;
    case simdjson::UNESCAPED_CHARS:
      return Outcome::kControlCharacter;
    case simdjson::UNCLOSED_STRING:
      return Outcome::kUnclosedString;
    case simdjson::EMPTY:
      return Outcome::kEmpty;
    default:
      return Outcome::kInvalidUtf8;
  }
}

const uint32_t* StructuralIndex::positions() const {
  return parser_->implementation->structural_indexes.get();
}

}  // namespace castor::format::json
