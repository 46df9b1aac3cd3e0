// Templates with what stands for their placeholders (placeholders.h). Stateless.
#pragma once

#include <string>
#include <vector>

#include "platform/metadata/spec.h"
#include "platform/metadata/store.h"
#include "platform/metadata/vault.h"

namespace castor::platform {

struct Filled {
  Template of;
  std::vector<std::string> secrets;  // in it, which no message may repeat
};

// kInvalidArgument: the template has no such variable, the namespace no such secret value.
Result<Filled> FillTemplate(Session* session, const Vault& vault, const std::string& namespace_name,
                            Template of);

std::string WithoutSecrets(std::string message, const std::vector<std::string>& secrets);

}  // namespace castor::platform
