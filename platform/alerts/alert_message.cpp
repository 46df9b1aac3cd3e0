#include "platform/alerts/alert_message.h"

#include <nlohmann/json.hpp>

#include "platform/api/resources.h"

namespace castor::platform {

using Json = nlohmann::ordered_json;

std::string AlertMessage(const AlertRuleRecord& record, const AlertRule& rule,
                         const AlertRecord& alert) {
  const bool fires = alert.state == "FIRING";
  const char* status = fires ? "firing" : "resolved";
  const Json labels = {{"alertname", record.name},
                       {"namespace", alert.namespace_name},
                       {"deployment", alert.deployment_name},
                       {"deployment_id", alert.deployment},
                       {"severity", rule.severity}};
  const Json annotations = {{"summary", alert.message}};
  // Nobody has said where people see it: the server does not know its own address.
  Json one = {{"status", status},
              {"labels", labels},
              {"annotations", annotations},
              {"startsAt", TimeJson(alert.fired_at)},
              {"endsAt", fires ? Json("0001-01-01T00:00:00Z") : TimeJson(alert.resolved_at)},
              {"generatorURL", ""},
              {"fingerprint", record.id + "/" + alert.deployment}};
  Json alerts = Json::array();
  alerts.push_back(std::move(one));
  return TextOf({{"version", "4"},
                 {"groupKey", record.id + "/" + alert.deployment},
                 {"truncatedAlerts", 0},
                 {"status", status},
                 {"receiver", record.name},
                 {"groupLabels", {{"alertname", record.name}}},
                 {"commonLabels", labels},
                 {"commonAnnotations", annotations},
                 {"externalURL", ""},
                 {"alerts", std::move(alerts)}});
}

}  // namespace castor::platform
