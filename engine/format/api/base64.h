// Base64 (RFC 4648, standard alphabet with padding), as Jackson's default variant reads and writes
// it.
#pragma once

#include <string>
#include <string_view>

namespace castor::format {

// Appends to `bytes`. White space may stand between groups of four; false for anything else that is
// wrong.
bool DecodeBase64(std::string_view text, std::string* bytes);
void AppendBase64(std::string_view bytes, std::string* out);

}  // namespace castor::format
