// URLs as java.net.URL (JDK 17) takes them apart. Steps like "." and ".." of a path stay: Java
// takes those of relative URLs only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace castor::expr {

struct JavaUrl {
  std::string protocol;
  std::string host;
  std::string path;
  std::optional<std::string> authority;
  std::optional<std::string> user_info;
  std::optional<std::string> query;
  std::optional<std::string> ref;

  // Nothing where Java throws: no protocol, one that the JDK does not know, a wrong port.
  static std::optional<JavaUrl> Parse(std::string_view text);
  // The protocol in lower case, or nothing; `text` becomes what stands behind its colon.
  static std::string TakeProtocol(std::string_view* text);
  // Protocols that the JDK knows and Parse does not: jar, mailto, jrt and jmod.
  static bool HasRulesOfItsOwn(std::string_view protocol);

  std::string file() const { return query ? path + "?" + *query : path; }
};

}  // namespace castor::expr
