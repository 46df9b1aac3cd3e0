#include "platform/alerts/alert_watch.h"

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "base/fault_point.h"
#include "platform/alerts/alert_message.h"
#include "platform/alerts/alert_state.h"
#include "platform/api/label_selector.h"

namespace castor::platform {
namespace {

constexpr auto kInterval = std::chrono::seconds(2);

Result<bool> IsSelected(const AlertRule& rule, const DeploymentListing& deployment) {
  CASTOR_ASSIGN_OR_RETURN(const LabelSelector selector, LabelSelector::Parse(rule.label_selector));
  if (selector.SelectsAll()) return true;
  using Labels = std::map<std::string, std::string>;
  return selector.Selects(nlohmann::json::parse(deployment.labels).get<Labels>());
}

}  // namespace

struct AlertWatch::Change {
  AlertStep step = AlertStep::kNone;
  AlertRuleRecord record;
  AlertRule rule;
  AlertRecord alert;  // as it was
  std::string message;
};

AlertWatch::AlertWatch(Store* store, const JobBoard* board, MetricStore* metrics)
    : store_(store), conditions_(board, metrics, NowMs()), thread_([this] { Work(); }) {}

AlertWatch::~AlertWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void AlertWatch::Work() {
  bool is_told = false;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kInterval, [this] { return stopping_; })) {
    const Status status = LookAtAll(NowMs());
    if (!status.ok() && !is_told) {
      std::fprintf(stderr, "alert rules are not looked at: %s\n", status.message().c_str());
    }
    is_told = !status.ok();
  }
}

// Mostly nothing has changed, and then nothing is written.
Status AlertWatch::LookAtAll(int64_t now) {
  CASTOR_ASSIGN_OR_RETURN(const auto changes, FindChanges(now));
  for (const Change& change : changes) {
    CASTOR_RETURN_NOT_OK(FaultPoint("platform.alert.before"));
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_RETURN_NOT_OK(Record(&session, change, now));
    CASTOR_RETURN_NOT_OK(session.Commit());
    CASTOR_RETURN_NOT_OK(FaultPoint("platform.alert.after"));
  }
  return Status::OK();
}

Result<std::vector<AlertWatch::Change>> AlertWatch::FindChanges(int64_t now) {
  std::vector<Change> changes;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
  CASTOR_ASSIGN_OR_RETURN(const auto rules,
                          session.Select<AlertRuleRecord>("ORDER BY namespace", {}));
  std::string of;
  std::vector<DeploymentListing> deployments;
  for (const AlertRuleRecord& record : rules) {
    if (of != record.namespace_name) {
      of = record.namespace_name;
      CASTOR_ASSIGN_OR_RETURN(deployments,
                              session.Select<DeploymentListing>("WHERE namespace = ?", {of}));
    }
    CASTOR_RETURN_NOT_OK(FindChangesOf(&session, record, deployments, now, &changes));
  }
  return changes;
}

Status AlertWatch::FindChangesOf(Session* session, const AlertRuleRecord& record,
                                 const std::vector<DeploymentListing>& deployments, int64_t now,
                                 std::vector<Change>* changes) {
  CASTOR_ASSIGN_OR_RETURN(const AlertRule rule, ReadAlertRule(record.spec));
  CASTOR_ASSIGN_OR_RETURN(auto recorded,
                          session->Select<AlertRecord>("WHERE rule = ?", {record.id}));
  std::map<std::string, AlertRecord> known;
  for (AlertRecord& alert : recorded) known[alert.deployment] = std::move(alert);
  const auto note = [&](const std::optional<AlertRecord>& alert, const AlertRecord& fresh,
                        Finding finding) {
    const AlertStep step = NextStep(alert, finding.holds, now, rule.for_ms);
    if (step == AlertStep::kNone) return;
    changes->push_back({step, record, rule, alert.value_or(fresh), std::move(finding.message)});
  };
  for (const DeploymentListing& deployment : deployments) {
    const auto found = known.extract(deployment.id);
    CASTOR_ASSIGN_OR_RETURN(const bool selected, IsSelected(rule, deployment));
    if (!selected && found.empty()) continue;
    Finding finding = {false, ""};
    if (selected) {
      CASTOR_ASSIGN_OR_RETURN(finding, conditions_.Look(session, rule, deployment, now));
    }
    AlertRecord fresh;
    fresh.rule = record.id;
    fresh.deployment = deployment.id;
    fresh.namespace_name = record.namespace_name;
    fresh.deployment_name = deployment.name;
    note(found.empty() ? std::nullopt : std::optional(found.mapped()), fresh, std::move(finding));
  }
  // Of deployments that are no more.
  for (const auto& [id, alert] : known) note(alert, alert, {false, ""});
  return Status::OK();
}

Status AlertWatch::Record(Session* session, const Change& change, int64_t now) {
  AlertRecord alert = change.alert;
  CASTOR_ASSIGN_OR_RETURN(const auto rule, session->Find<AlertRuleRecord>(
                                               "WHERE id = ? AND resource_version = ?",
                                               {change.record.id, change.record.resource_version}));
  if (!rule) return Status::OK();  // it was changed meanwhile: the next look tells
  if (change.step == AlertStep::kForget) return session->Remove(alert);
  if (alert.sequence == 0) {
    CASTOR_ASSIGN_OR_RETURN(alert.sequence, session->NextSequence<AlertRecord>());
  }
  if (alert.state != "PENDING") alert.since = now;
  if (change.step != AlertStep::kResolve) alert.message = change.message;
  if (change.step == AlertStep::kPend) {
    alert.state = "PENDING";
    alert.fired_at = alert.resolved_at = 0;
    return session->Save(alert);
  }
  const bool fires = change.step == AlertStep::kFire;
  alert.state = fires ? "FIRING" : "RESOLVED";
  alert.fired_at = fires ? now : alert.fired_at;
  alert.resolved_at = fires ? 0 : now;
  CASTOR_RETURN_NOT_OK(session->Save(alert));
  EventRecord event;
  event.namespace_name = alert.namespace_name;
  event.deployment = alert.deployment;
  event.name = fires ? "ALERT_FIRING" : "ALERT_RESOLVED";
  event.message = change.record.name + ": " + alert.message;
  CASTOR_RETURN_NOT_OK(session->AddEvent(std::move(event)));
  if (change.rule.webhook.url.empty()) return Status::OK();
  AlertDeliveryRecord delivery;
  delivery.id = NewId();
  delivery.namespace_name = alert.namespace_name;
  delivery.rule = alert.rule;
  delivery.deployment = alert.deployment;
  delivery.body = AlertMessage(change.record, change.rule, alert);
  delivery.created_at = delivery.modified_at = now;
  CASTOR_ASSIGN_OR_RETURN(delivery.sequence, session->NextSequence<AlertDeliveryRecord>());
  return session->Save(delivery);
}

}  // namespace castor::platform
