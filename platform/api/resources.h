// Records as the API shows them (spec/openapi.yaml). Stateless.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "platform/metadata/records.h"

namespace castor::platform {

// As in "2026-03-02T09:00:00.000Z"; null for none.
nlohmann::ordered_json TimeJson(int64_t ms);
// What JSON is as a text; what is no UTF-8 in it is replaced.
std::string TextOf(const nlohmann::ordered_json& json);
// As JSON. What the database has as JSON goes into it as it is: lists would else mostly read and
// write again what nobody changes.
std::string DeploymentText(const DeploymentListing& of);
nlohmann::ordered_json ToJson(const JobRecord& job);
nlohmann::ordered_json ToJson(const SavepointRecord& savepoint);
nlohmann::ordered_json ToJson(const EventRecord& event);
nlohmann::ordered_json ToJson(const VersionRecord& version);
nlohmann::ordered_json ToJson(const SecretValueRecord& secret);  // without its value
nlohmann::ordered_json ToJson(const ArtifactRecord& artifact);
nlohmann::ordered_json ToJson(const DeploymentDefaultsRecord& defaults);
nlohmann::ordered_json ToJson(const PolicyRecord& policy);
nlohmann::ordered_json ToJson(const AlertRuleRecord& rule);
// `rule`: its name.
nlohmann::ordered_json ToJson(const AlertRecord& alert, const std::string& rule);
nlohmann::ordered_json ToJson(const AlertDeliveryRecord& delivery, const std::string& rule);
nlohmann::ordered_json NamespaceJson(const std::string& name);

}  // namespace castor::platform
