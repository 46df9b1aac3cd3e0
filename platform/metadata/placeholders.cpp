#include "platform/metadata/placeholders.h"

namespace castor::platform {

Result<std::string> FillIn(std::string_view text,
                           const std::function<Result<std::string>(const std::string&)>& find) {
  constexpr std::string_view kStart = "${", kEscaped = "$${";
  std::string filled;
  while (!text.empty()) {
    const size_t start = text.find('$');
    filled += text.substr(0, start);
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    if (text.starts_with(kEscaped)) {
      filled += kStart;
      text.remove_prefix(kEscaped.size());
    } else if (text.starts_with(kStart)) {
      const size_t end = text.find('}');
      if (end == std::string_view::npos) {
        return Status::InvalidArgument("'" + std::string(text.substr(0, 20)) +
                                       "' has no }; write $${ for ${ itself");
      }
      CASTOR_ASSIGN_OR_RETURN(const std::string value,
                              find(std::string(text.substr(2, end - kStart.size()))));
      filled += value;
      text.remove_prefix(end + 1);
    } else {
      filled += '$';
      text.remove_prefix(1);
    }
  }
  return filled;
}

}  // namespace castor::platform
