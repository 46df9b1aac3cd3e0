#include "connector/filesystem/path_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace castor::connector::filesystem {

Result<PathPattern> PathPattern::Compile(const std::string& pattern) {
  PathPattern compiled;
  if (pattern.empty()) return compiled;
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                   PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset, nullptr);
  if (code == nullptr) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(error, message, sizeof(message));
    return Status::InvalidArgument("option 'source.path.regex-pattern': '" + pattern +
                                   "': " + reinterpret_cast<const char*>(message) +
                                   " at character " + std::to_string(offset + 1));
  }
  compiled.code_ = std::shared_ptr<void>(
      code, [](void* pointer) { pcre2_code_free(static_cast<pcre2_code*>(pointer)); });
  return compiled;
}

bool PathPattern::Matches(std::string_view path) const {
  if (code_ == nullptr) return true;
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
      pcre2_match_data_create_from_pattern(code, nullptr), pcre2_match_data_free);
  return pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(path.data()), path.size(), 0, 0, data.get(),
                     nullptr) >= 0;
}

}  // namespace castor::connector::filesystem
