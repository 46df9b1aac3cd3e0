#include "platform/alerts/alert_courier.h"

#include <chrono>
#include <cstdio>

#include "base/fault_point.h"
#include "platform/alerts/alert_rule.h"
#include "platform/alerts/post_webhook.h"
#include "platform/controller/decide.h"

namespace castor::platform {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);
constexpr int64_t kGiveUpMs = 24 * 3'600 * int64_t{1'000};

// The oldest of each alert.
constexpr const char* kNextDelivery =
    "WHERE state = 'PENDING' AND next_at <= ? AND NOT EXISTS (SELECT 1 FROM alert_deliveries older "
    "WHERE older.rule = alert_deliveries.rule AND older.deployment = alert_deliveries.deployment "
    "AND older.state = 'PENDING' AND older.sequence < alert_deliveries.sequence) ORDER BY next_at, "
    "sequence";

}  // namespace

AlertCourier::AlertCourier(Store* store, const Vault* vault)
    : store_(store), vault_(vault), thread_([this] { Work(); }) {}

AlertCourier::~AlertCourier() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool AlertCourier::IsStopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void AlertCourier::Work() {
  bool is_told = false;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, kInterval, [this] { return stopping_; })) return;
    }
    Result<bool> carried = true;
    while (carried.ok() && *carried && !IsStopping()) carried = CarryNext();
    if (!carried.ok() && !is_told) {
      std::fprintf(stderr, "alerts are not delivered: %s\n", carried.status().message().c_str());
    }
    is_told = !carried.ok();
  }
}

Result<bool> AlertCourier::CarryNext() {
  std::optional<AlertDeliveryRecord> delivery;
  std::optional<AlertRuleRecord> rule;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    CASTOR_ASSIGN_OR_RETURN(delivery, session.Find<AlertDeliveryRecord>(kNextDelivery, {NowMs()}));
    if (!delivery) return false;
    CASTOR_ASSIGN_OR_RETURN(rule, session.Find<AlertRuleRecord>("WHERE id = ?", {delivery->rule}));
  }
  if (!rule) return false;  // with it goes what it had to tell
  CASTOR_RETURN_NOT_OK(FaultPoint("platform.deliver.before"));
  const Status taken = Carry(*delivery, *rule);
  CASTOR_RETURN_NOT_OK(FaultPoint("platform.deliver.between"));
  ++delivery->attempts;
  delivery->modified_at = NowMs();
  delivery->message = taken.ok() ? "" : taken.message();
  delivery->next_at = delivery->modified_at + RetryDelayMs(delivery->attempts);
  if (taken.ok()) delivery->state = "DELIVERED";
  if (!taken.ok() && delivery->modified_at - delivery->created_at > kGiveUpMs) {
    delivery->state = "FAILED";
  }
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(const auto still,
                          session.Find<AlertDeliveryRecord>("WHERE id = ?", {delivery->id}));
  if (!still) return true;  // its rule was deleted meanwhile
  CASTOR_RETURN_NOT_OK(session.Save(*delivery));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return true;
}

Status AlertCourier::Carry(const AlertDeliveryRecord& delivery, const AlertRuleRecord& record) {
  CASTOR_ASSIGN_OR_RETURN(const AlertRule rule, ReadAlertRule(record.spec));
  if (rule.webhook.url.empty()) return Status::InvalidArgument("the rule has no webhook any more");
  std::pair<std::string, std::string> header = {rule.webhook.header, ""};
  if (!header.first.empty()) {
    CASTOR_ASSIGN_OR_RETURN(header.second, Unseal(record.namespace_name, rule.webhook.secret));
  }
  return PostWebhook(rule.webhook.url, header, delivery.body);
}

Result<std::string> AlertCourier::Unseal(const std::string& in, const std::string& name) {
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
  CASTOR_ASSIGN_OR_RETURN(const auto secret, session.Find<SecretValueRecord>(
                                                 "WHERE namespace = ? AND name = ?", {in, name}));
  if (!secret) {
    return Status::InvalidArgument("namespace " + in + " has no secret value " + name);
  }
  return vault_->Unseal(secret->value, secret->place());
}

}  // namespace castor::platform
