#include "platform/alerts/alert_rule.h"

#include <nlohmann/json.hpp>

#include "platform/api/label_selector.h"

namespace castor::platform {

using Json = nlohmann::json;

NLOHMANN_JSON_SERIALIZE_ENUM(AlertCondition, {{AlertCondition::kFailed, "FAILED"},
                                              {AlertCondition::kUnstable, "UNSTABLE"},
                                              {AlertCondition::kRestarts, "RESTARTS"},
                                              {AlertCondition::kNoCheckpoint, "NO_CHECKPOINT"},
                                              {AlertCondition::kLag, "LAG"}})

Result<AlertRule> ReadAlertRule(const std::string& spec) {
  constexpr int64_t kMsPerSecond = 1'000;
  const Json json = Json::parse(spec);
  const Json& condition = json.at("condition");
  AlertRule rule;
  rule.condition = condition.at("kind").get<AlertCondition>();
  rule.threshold = condition.value("threshold", int64_t{0});
  rule.window_ms = condition.at("windowSeconds").get<int64_t>() * kMsPerSecond;
  rule.for_ms = json.at("forSeconds").get<int64_t>() * kMsPerSecond;
  rule.label_selector = json.value("labelSelector", "");
  rule.severity = json.at("severity");
  if (const auto webhook = json.find("webhook"); webhook != json.end()) {
    rule.webhook.url = webhook->at("url");
    if (const auto header = webhook->find("secretHeader"); header != webhook->end()) {
      rule.webhook.header = header->at("name");
      rule.webhook.secret = header->at("secretValue");
    }
  }
  const bool counts =
      rule.condition != AlertCondition::kFailed && rule.condition != AlertCondition::kUnstable;
  if (counts && rule.threshold == 0) {
    return Status::InvalidArgument(
        "spec.condition has no threshold: how many restarts, or for how many seconds");
  }
  CASTOR_RETURN_NOT_OK(LabelSelector::Parse(rule.label_selector).status().WithContext("spec"));
  return rule;
}

}  // namespace castor::platform
