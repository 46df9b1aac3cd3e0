// A VARIANT as text: BinaryVariant.toString, which is its JSON.
#pragma once

#include <string>
#include <string_view>

namespace castor::expr {

// Appends the text of a VARIANT's bytes as a column holds them.
void AppendVariantText(std::string_view bytes, std::string* out);

}  // namespace castor::expr
