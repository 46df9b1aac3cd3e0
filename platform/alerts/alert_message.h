// What a webhook is told of an alert: JSON as Prometheus' Alertmanager (version 4) sends it, with
// one alert. Stateless.
#pragma once

#include <string>

#include "platform/alerts/alert_rule.h"
#include "platform/metadata/records.h"

namespace castor::platform {

std::string AlertMessage(const AlertRuleRecord& record, const AlertRule& rule,
                         const AlertRecord& alert);

}  // namespace castor::platform
