// PARSE_URL (SqlFunctionUtils over java.net.URL), INET_ATON and INET_NTOA.
#include <memory>
#include <optional>
#include <string>

#include "expr/functions/registry.h"
#include "expr/java_url.h"
#include "expr/row_call.h"

namespace castor::expr {
namespace {

std::optional<std::string> PartOf(const JavaUrl& url, std::string_view part) {
  if (part == "HOST") return url.host;
  if (part == "PATH") return url.path;
  if (part == "QUERY") return url.query;
  if (part == "REF") return url.ref;
  if (part == "PROTOCOL") return url.protocol;
  if (part == "FILE") return url.file();
  if (part == "AUTHORITY") return url.authority;
  if (part == "USERINFO") return url.user_info;
  return std::nullopt;
}

struct ParseUrl {
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& part,
                  StringRef* out) const {
    const auto url = JavaUrl::Parse(text.view());
    if (!url) return FailUnread(scope, text.view());
    const auto value = PartOf(*url, part.view());
    if (!value) return false;
    *out = scope.arena().Add(*value);
    return true;
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& part,
                  const StringRef& key, StringRef* out) const {
    if (part.view() != "QUERY") return false;
    const auto url = JavaUrl::Parse(text.view());
    if (!url) return FailUnread(scope, text.view());
    if (!url->query) return false;
    const auto value = Parameter(*url->query, key.view());
    if (!value) return false;
    *out = scope.arena().Add(*value);
    return true;
  }

 private:
  // NULL of what Java takes for no URL; false.
  static bool FailUnread(RowScope& scope, std::string_view text) {
    const std::string protocol = JavaUrl::TakeProtocol(&text);
    if (!JavaUrl::HasRulesOfItsOwn(protocol)) return false;
    return scope.Fail([&] { return "PARSE_URL: URLs of " + protocol + ": are not supported"; });
  }

  static std::optional<std::string_view> Parameter(std::string_view query, std::string_view key) {
    for (size_t start = 0; start <= query.size();) {
      const std::string_view rest = query.substr(start);
      if (rest.starts_with(key) && rest.substr(key.size()).starts_with('=')) {
        const std::string_view value = rest.substr(key.size() + 1);
        return value.substr(0, value.find('&'));
      }
      const size_t next = query.find('&', start);
      if (next == std::string_view::npos) break;
      start = next + 1;
    }
    return std::nullopt;
  }
};

Result<Node*> MakeParseUrl(Call& call) {
  if (call.arity() == 2) {
    return MakeRowCall<ParseUrl, StringRef, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                                  {}, OnError::kFail);
  }
  return MakeRowCall<ParseUrl, StringRef, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText, Want::kText}, {}, OnError::kFail);
}

// One to four numbers; of fewer than four the last stands at the end, as in MySQL.
struct InetAton {
  bool operator()(RowScope&, const StringRef& text, int64_t* out) const {
    int64_t parts[4];
    int count = 0;
    std::string_view rest = text.view();
    if (rest.empty()) return false;
    while (true) {
      if (count == 4) return false;
      const size_t dot = rest.find('.');
      if (!Number(rest.substr(0, dot), &parts[count++])) return false;
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
    }
    *out = parts[count - 1];
    for (int i = 0; i + 1 < count; ++i) *out |= parts[i] << (24 - 8 * i);
    return true;
  }

 private:
  static bool Number(std::string_view digits, int64_t* value) {
    *value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') return false;
      *value = *value * 10 + (c - '0');
      if (*value > 255) return false;
    }
    return !digits.empty();
  }
};

struct InetNtoa {
  bool operator()(RowScope& scope, int64_t address, StringRef* out) const {
    if (address < 0 || address > 0xffffffff) return false;
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) {
      text += std::to_string(address >> shift & 0xff);
      if (shift > 0) text += '.';
    }
    *out = scope.arena().Add(text);
    return true;
  }
};

Result<Node*> MakeInetAton(Call& call) {
  return MakeRowCall<InetAton, int64_t, StringRef>(call, {Want::kText});
}
Result<Node*> MakeInetNtoa(Call& call) {
  return MakeRowCall<InetNtoa, StringRef, int64_t>(call, {Want::kLong});
}

constexpr FunctionEntry kFunctions[] = {
    {"PARSE_URL", MakeParseUrl},
    {"INET_ATON", MakeInetAton},
    {"INET_NTOA", MakeInetNtoa},
};

}  // namespace

std::span<const FunctionEntry> NetworkFunctions() { return kFunctions; }

}  // namespace castor::expr
