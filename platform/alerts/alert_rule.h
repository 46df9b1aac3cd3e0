// A rule as the watch needs it, out of its JSON (AlertRuleSpec in spec/openapi.yaml). Stateless.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace castor::platform {

enum class AlertCondition { kFailed, kUnstable, kRestarts, kNoCheckpoint, kLag };

struct Webhook {
  std::string url;  // empty: nobody is told
  // A header with a secret value of the namespace; empty: none.
  std::string header;
  std::string secret;
};

struct AlertRule {
  AlertCondition condition = AlertCondition::kFailed;
  int64_t threshold = 0;  // restarts, or seconds
  int64_t window_ms = 0;  // in which restarts are counted
  int64_t for_ms = 0;     // it has to hold before it fires
  std::string label_selector;
  std::string severity;
  Webhook webhook;
};

// `spec` is as the schema says, with its defaults. kInvalidArgument: what the schema cannot say is
// wrong with it.
Result<AlertRule> ReadAlertRule(const std::string& spec);

}  // namespace castor::platform
