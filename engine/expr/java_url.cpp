#include "expr/java_url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace castor::expr {
namespace {

constexpr size_t kNone = std::string_view::npos;

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

bool IsKnownProtocol(std::string_view protocol) {
  return protocol == "http" || protocol == "https" || protocol == "ftp" || protocol == "file";
}

bool IsPort(std::string_view text) {
  if (text.empty()) return true;
  if (text[0] == '+') text.remove_prefix(1);
  int32_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= -1;
}

bool IsIpv6(std::string_view text) {
  in6_addr address;
  const std::string plain(text.substr(0, text.find('%')));
  return inet_pton(AF_INET6, plain.c_str(), &address) == 1;
}

// Splits host and port; false if either is wrong.
bool ReadHost(std::string_view text, std::string* host) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == kNone || close <= 2 || !IsIpv6(text.substr(1, close - 1))) return false;
    *host = text.substr(0, close + 1);
    const std::string_view rest = text.substr(close + 1);
    return rest.empty() || (rest[0] == ':' && IsPort(rest.substr(1)));
  }
  const size_t colon = text.find(':');
  *host = text.substr(0, colon);
  return colon == kNone || IsPort(text.substr(colon + 1));
}

bool ReadAuthority(std::string_view text, JavaUrl* url) {
  url->authority = text;
  const size_t at = text.find('@');
  if (at != kNone) {
    if (text.rfind('@') != at) return true;  // not that of a server
    url->user_info = text.substr(0, at);
    text = text.substr(at + 1);
  }
  return ReadHost(text, &url->host);
}

}  // namespace

bool JavaUrl::HasRulesOfItsOwn(std::string_view protocol) {
  return protocol == "jar" || protocol == "mailto" || protocol == "jrt" || protocol == "jmod";
}

std::string JavaUrl::TakeProtocol(std::string_view* text) {
  while (!text->empty() && static_cast<unsigned char>(text->back()) <= ' ') text->remove_suffix(1);
  while (!text->empty() && static_cast<unsigned char>(text->front()) <= ' ') {
    text->remove_prefix(1);
  }
  if (LowerAscii(text->substr(0, 4)) == "url:") text->remove_prefix(4);
  const size_t colon = text->substr(0, text->find('/')).find(':');
  if (text->starts_with('#') || colon == kNone) return "";
  std::string protocol = LowerAscii(text->substr(0, colon));
  text->remove_prefix(colon + 1);
  return protocol;
}

std::optional<JavaUrl> JavaUrl::Parse(std::string_view text) {
  JavaUrl url;
  url.protocol = TakeProtocol(&text);
  if (!IsKnownProtocol(url.protocol)) return std::nullopt;
  if (const size_t hash = text.find('#'); hash != kNone) {
    url.ref = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (const size_t mark = text.find('?'); mark != kNone) {
    url.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (text.starts_with("//") && !text.starts_with("////")) {
    text.remove_prefix(2);
    const size_t slash = std::min(text.find('/'), text.size());
    if (!ReadAuthority(text.substr(0, slash), &url)) return std::nullopt;
    text.remove_prefix(slash);
  }
  if (!text.empty()) {
    const bool relative = text[0] != '/' && url.authority.has_value();
    url.path = (relative ? "/" : "") + std::string(text);
  }
  return url;
}

}  // namespace castor::expr
