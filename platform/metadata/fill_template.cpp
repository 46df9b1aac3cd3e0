#include "platform/metadata/fill_template.h"

#include "platform/metadata/placeholders.h"

namespace castor::platform {

Result<Filled> FillTemplate(Session* session, const Vault& vault, const std::string& namespace_name,
                            Template of) {
  Filled filled = {.of = std::move(of), .secrets = {}};
  const auto find = [&](const std::string& name) -> Result<std::string> {
    constexpr std::string_view kSecrets = "secret_values.";
    if (!name.starts_with(kSecrets)) {
      const auto variable = filled.of.variables.find(name);
      if (variable != filled.of.variables.end()) return variable->second;
      return Status::InvalidArgument("the deployment has no variable " + name);
    }
    const std::string secret = name.substr(kSecrets.size());
    CASTOR_ASSIGN_OR_RETURN(const auto found,
                            session->Find<SecretValueRecord>("WHERE namespace = ? AND name = ?",
                                                             {namespace_name, secret}));
    if (!found) {
      return Status::InvalidArgument("namespace " + namespace_name + " has no secret value " +
                                     secret);
    }
    CASTOR_ASSIGN_OR_RETURN(std::string value, vault.Unseal(found->value, found->place()));
    filled.secrets.push_back(value);
    return value;
  };
  CASTOR_ASSIGN_OR_RETURN(filled.of.sql, FillIn(filled.of.sql, find));
  CASTOR_ASSIGN_OR_RETURN(filled.of.jar_uri, FillIn(filled.of.jar_uri, find));
  CASTOR_ASSIGN_OR_RETURN(filled.of.arguments, FillIn(filled.of.arguments, find));
  for (std::string& dependency : filled.of.dependencies) {
    CASTOR_ASSIGN_OR_RETURN(dependency, FillIn(dependency, find));
  }
  for (auto& [name, value] : filled.of.configuration) {
    CASTOR_ASSIGN_OR_RETURN(value, FillIn(value, find));
  }
  return filled;
}

std::string WithoutSecrets(std::string message, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    for (size_t at = 0; (at = message.find(secret, at)) != std::string::npos;) {
      message.replace(at, secret.size(), "***");
    }
  }
  return message;
}

}  // namespace castor::platform
