#include "platform/access/admission.h"

#include <fmt/format.h>

namespace castor::platform {
namespace {

constexpr int kUnauthorized = 401, kForbidden = 403;

Refusal Forbidden(std::string message) { return {kForbidden, std::move(message)}; }

std::optional<Refusal> WhyNotInNamespace(const Demand& demand, const Principal& principal,
                                         const Directory& directory) {
  const Role role = directory.RoleIn(principal, demand.in);
  if (role >= demand.role) return std::nullopt;
  const std::string has =
      role == Role::kNobody ? "has no role" : fmt::format("is {}", RoleName(role));
  return Forbidden(
      fmt::format("{} {} in namespace '{}', and this needs {}; its owners and admins "
                  "give roles",
                  principal.name, has, demand.in, RoleName(demand.role)));
}

}  // namespace

std::optional<Refusal> WhyRefused(const Demand& demand, const Principal& principal,
                                  const Directory& directory) {
  if (demand.role == Role::kNobody) return std::nullopt;
  if (!principal.is_known) {
    return Refusal{kUnauthorized,
                   "log in first: in the console by name and password, elsewhere by a token in the "
                   "header Authorization: Bearer"};
  }
  const bool is_person = !principal.user.empty();
  if (demand.role == Role::kNewcomer || demand.role == Role::kPerson) {
    if (!is_person) return Forbidden(principal.name + " is no person, and this is for people");
    if (demand.role == Role::kNewcomer) return std::nullopt;
  }
  if (principal.must_change) {
    return Forbidden(principal.name +
                     " has a password that is good for one login: change it first, in the console "
                     "or by POST /access/v1/account/password");
  }
  if (demand.role == Role::kPerson || demand.role == Role::kKnown) return std::nullopt;
  if (demand.role == Role::kAdmin) {
    if (principal.is_admin) return std::nullopt;
    return Forbidden(principal.name + " is no admin, and this needs one");
  }
  return WhyNotInNamespace(demand, principal, directory);
}

}  // namespace castor::platform
