// The web console's files, which the program carries; webui/scripts/embed.mjs makes the table.
#pragma once

#include <span>
#include <string_view>

namespace castor::platform {

struct ConsoleFile {
  std::string_view address;  // "/assets/index-DiwrgTda.js"
  std::string_view content_type;
  std::string_view etag;   // with its quotes
  std::string_view bytes;  // compressed with gzip, but for /index.html
};

// In the order of their addresses.
std::span<const ConsoleFile> ConsoleFiles();

}  // namespace castor::platform
