// What somebody has to be to ask for something, as `x-role` in spec/openapi.yaml says. Stateless.
#pragma once

#include <optional>
#include <string_view>

namespace castor::platform {

enum class Role {
  kNobody,    // anyone at all
  kNewcomer,  // a person who has logged in, even with a password that is to be changed
  kPerson,    // a person, by a session or a token of their own
  kKnown,     // a person, or a token of a namespace
  kViewer,    // of the namespace in the address, as are the next two
  kEditor,
  kOwner,
  kAdmin,  // of the whole platform
};

std::optional<Role> ParseRole(std::string_view name);
const char* RoleName(Role role);
// Whether people and tokens can have it in a namespace.
bool IsOfNamespace(Role role);

}  // namespace castor::platform
