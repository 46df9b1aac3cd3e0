#include "platform/access/role.h"

#include <array>
#include <utility>

namespace castor::platform {
namespace {

constexpr std::array<std::pair<std::string_view, Role>, 8> kRoles = {{
    {"nobody", Role::kNobody},
    {"newcomer", Role::kNewcomer},
    {"person", Role::kPerson},
    {"known", Role::kKnown},
    {"viewer", Role::kViewer},
    {"editor", Role::kEditor},
    {"owner", Role::kOwner},
    {"admin", Role::kAdmin},
}};

}  // namespace

std::optional<Role> ParseRole(std::string_view name) {
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return std::nullopt;
}

const char* RoleName(Role role) { return kRoles[static_cast<size_t>(role)].first.data(); }

bool IsOfNamespace(Role role) {
  return role == Role::kViewer || role == Role::kEditor || role == Role::kOwner;
}

}  // namespace castor::platform
