// Users, members, tokens and the audit log as the API shows them (spec/openapi.yaml). Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platform/api/caller.h"
#include "platform/metadata/store.h"

namespace castor::platform {

nlohmann::ordered_json UserJson(const UserRecord& user);
nlohmann::ordered_json MemberJson(const MemberRecord& member);
// Of a person.
nlohmann::ordered_json OwnTokenJson(const TokenRecord& token);
// Of a namespace, in the shape of Ververica Platform.
nlohmann::ordered_json ApiTokenJson(const TokenRecord& token);
nlohmann::ordered_json AuditJson(const AuditRecord& record);
// A line of comma-separated values, and the one that names them.
std::string AuditCsv(const AuditRecord& record);
std::string AuditCsvHead();

// Gives the token what it lacks and saves it. The secret, which nobody can be told again.
Result<std::string> AddToken(Session* session, const Caller& caller, TokenRecord* token);

}  // namespace castor::platform
