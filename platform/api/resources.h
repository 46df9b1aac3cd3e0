// Records as the API shows them (spec/openapi.yaml). Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "platform/metadata/records.h"

namespace castor::platform {

// As in "2026-03-02T09:00:00.000Z"; null for none.
nlohmann::ordered_json TimeJson(int64_t ms);
// `job`: the one that is active.
nlohmann::ordered_json ToJson(const DeploymentRecord& deployment,
                              const DeploymentStatusRecord& status,
                              const std::optional<JobRecord>& job, const VersionRecord& newest);
nlohmann::ordered_json ToJson(const JobRecord& job);
nlohmann::ordered_json ToJson(const SavepointRecord& savepoint);
nlohmann::ordered_json ToJson(const EventRecord& event);
nlohmann::ordered_json ToJson(const VersionRecord& version);
nlohmann::ordered_json ToJson(const SecretValueRecord& secret);  // without its value
nlohmann::ordered_json ToJson(const ArtifactRecord& artifact);
nlohmann::ordered_json ToJson(const DeploymentDefaultsRecord& defaults);
nlohmann::ordered_json NamespaceJson(const std::string& name);

}  // namespace castor::platform
