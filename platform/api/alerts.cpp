// Alert rules, what they say, and what their webhooks were told.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "platform/alerts/alert_rule.h"
#include "platform/alerts/post_webhook.h"
#include "platform/api/api.h"
#include "platform/api/page.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

Result<AlertRuleRecord> FindIn(Session* session, const Call& call) {
  const std::string& name = call.parameters.at("name");
  CASTOR_ASSIGN_OR_RETURN(auto found,
                          session->Find<AlertRuleRecord>("WHERE namespace = ? AND name = ?",
                                                         {call.parameters.at("namespace"), name}));
  if (!found) return Status::NotFound("there is no alert rule '" + name + "'");
  return std::move(*found);
}

// What the schema cannot say.
Status CheckRule(const std::string& spec) {
  CASTOR_ASSIGN_OR_RETURN(const AlertRule rule, ReadAlertRule(spec));
  if (rule.webhook.url.empty()) return Status::OK();
  return SplitUrl(rule.webhook.url).status();
}

// Of all rules of the namespace, by their ids.
Result<std::map<std::string, std::string>> NamesOfRules(Session* session, const Call& call) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto rules,
      session->Select<AlertRuleRecord>("WHERE namespace = ?", {call.parameters.at("namespace")}));
  std::map<std::string, std::string> names;
  for (const AlertRuleRecord& rule : rules) names[rule.id] = rule.name;
  return names;
}

template <typename Record>
Result<Json> ListWithRules(Session* session, const Call& call, const char* kind,
                           const std::vector<std::pair<const char*, const char*>>& equal) {
  const PageRequest page = ReadPage(call);
  PageQuery query = QueryOf(call, equal, page);
  query.clause += fmt::format(" LIMIT {}", page.size + 1);
  CASTOR_ASSIGN_OR_RETURN(const auto records, session->Select<Record>(query.clause, query.values));
  CASTOR_ASSIGN_OR_RETURN(auto names, NamesOfRules(session, call));
  Json items = Json::array();
  int64_t last = 0;
  for (const Record& record : records) {
    if (static_cast<int64_t>(items.size()) == page.size) {
      return PageJson(kind, std::move(items), last);
    }
    items.push_back(ToJson(record, names[record.rule]));
    last = record.sequence;
  }
  return PageJson(kind, std::move(items), 0);
}

}  // namespace

Result<Api::Reply> Api::ListAlertRules(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto rules,
                          session.Select<AlertRuleRecord>("WHERE namespace = ? ORDER BY name",
                                                          {call.parameters.at("namespace")}));
  Json items = Json::array();
  for (const AlertRuleRecord& rule : rules) items.push_back(ToJson(rule));
  return Reply(200, PageJson("AlertRuleList", std::move(items), 0));
}

Result<Api::Reply> Api::CreateAlertRule(const Call& call) const {
  nlohmann::json document = *call.body;
  contract_->Fill("AlertRule", &document);
  AlertRuleRecord rule;
  rule.id = NewId();
  rule.namespace_name = call.parameters.at("namespace");
  rule.name = document.at("metadata").at("name");
  rule.spec = document.at("spec").dump();
  rule.created_at = rule.modified_at = NowMs();
  CASTOR_RETURN_NOT_OK(CheckRule(rule.spec));
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const auto other,
                          session.Find<AlertRuleRecord>("WHERE namespace = ? AND name = ?",
                                                        {rule.namespace_name, rule.name}));
  if (other) return Reply::Refused(409, "there is an alert rule '" + rule.name + "' already");
  CASTOR_ASSIGN_OR_RETURN(rule.sequence, session.NextSequence<AlertRuleRecord>());
  CASTOR_RETURN_NOT_OK(session.Save(rule));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(201, ToJson(rule));
}

Result<Api::Reply> Api::GetAlertRule(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(const AlertRuleRecord rule, FindIn(&session, call));
  return Reply(200, ToJson(rule));
}

Result<Api::Reply> Api::PatchAlertRule(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(AlertRuleRecord rule, FindIn(&session, call));
  nlohmann::json document = nlohmann::json::parse(ToJson(rule).dump());
  document.merge_patch(*call.body);
  CASTOR_RETURN_NOT_OK(contract_->Check("AlertRule", document));
  contract_->Fill("AlertRule", &document);
  const auto& metadata = document["metadata"];
  if (metadata["name"] != rule.name) {
    return Reply::Refused(400, "metadata.name cannot be changed");
  }
  const int64_t expected = metadata.value("resourceVersion", rule.resource_version);
  if (expected != rule.resource_version) {
    return Reply::Refused(409, fmt::format("the alert rule has resourceVersion {} by now, not {}",
                                           rule.resource_version, expected));
  }
  rule.spec = document["spec"].dump();
  CASTOR_RETURN_NOT_OK(CheckRule(rule.spec));
  rule.modified_at = NowMs();
  ++rule.resource_version;
  CASTOR_RETURN_NOT_OK(session.Save(rule));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(rule));
}

Result<Api::Reply> Api::DeleteAlertRule(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, BeginIn(call));
  CASTOR_ASSIGN_OR_RETURN(const AlertRuleRecord rule, FindIn(&session, call));
  CASTOR_RETURN_NOT_OK(session.Remove(rule));
  CASTOR_RETURN_NOT_OK(session.Commit());
  return Reply(200, ToJson(rule));
}

Result<Api::Reply> Api::ListAlerts(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(
      const Json list,
      ListWithRules<AlertRecord>(
          &session, call, "AlertList",
          {{"namespace", "namespace"}, {"deploymentId", "deployment"}, {"state", "state"}}));
  return Reply(200, list);
}

Result<Api::Reply> Api::ListAlertDeliveries(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
  CASTOR_ASSIGN_OR_RETURN(
      const Json list,
      ListWithRules<AlertDeliveryRecord>(
          &session, call, "AlertDeliveryList",
          {{"namespace", "namespace"}, {"deploymentId", "deployment"}, {"state", "state"}}));
  return Reply(200, list);
}

}  // namespace castor::platform
