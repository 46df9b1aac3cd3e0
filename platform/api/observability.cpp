// What jobs do: as a graph, and over time.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/file_system.h"
#include "platform/api/api.h"
#include "platform/api/deployment_lookup.h"
#include "platform/api/job_graph.h"
#include "platform/api/marks.h"
#include "platform/api/reply.h"
#include "platform/api/resources.h"
#include "platform/metadata/versions.h"
#include "platform/metrics/metric_store.h"
#include "platform/metrics/metrics_text.h"

namespace castor::platform {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMsPerSecond = 1'000;
constexpr int64_t kHourMs = 3'600 * kMsPerSecond;
constexpr int64_t kUsualValues = 300;
constexpr int64_t kMostValues = 10'000;

Result<DeploymentCounts> CountDeployments(Session* session) {
  DeploymentCounts counts;
  std::map<std::string, std::string> states;
  CASTOR_ASSIGN_OR_RETURN(const auto all, session->Select<DeploymentStatusRecord>("", {}));
  for (const DeploymentStatusRecord& status : all) states[status.deployment] = status.state;
  CASTOR_ASSIGN_OR_RETURN(const auto deployments, session->Select<DeploymentRecord>("", {}));
  for (const DeploymentRecord& deployment : deployments) {
    const auto known = states.find(deployment.id);
    const std::string state =
        known == states.end() ? DeploymentStatusRecord().state : known->second;
    ++counts[{deployment.namespace_name, state}];
  }
  return counts;
}

int64_t NumberOr(const Call& call, const char* name, int64_t fallback) {
  const auto found = call.parameters.find(name);
  return found == call.parameters.end() ? fallback : std::stoll(found->second);
}

Result<std::vector<const JobSeries*>> ReadNames(const Call& call) {
  std::vector<const JobSeries*> series;
  const auto found = call.parameters.find("names");
  if (found == call.parameters.end()) {
    for (const JobSeries& each : AllJobSeries()) series.push_back(&each);
    return series;
  }
  std::string_view rest = found->second;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(','), rest.size());
    const std::string name(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const JobSeries* each = FindJobSeries(name);
    if (each == nullptr) return Status::InvalidArgument("there is no series '" + name + "'");
    series.push_back(each);
  }
  return series;
}

Result<MetricStore::Query> ReadQuery(const Call& call, int64_t now) {
  MetricStore::Query query;
  CASTOR_ASSIGN_OR_RETURN(query.series, ReadNames(call));
  query.to = NumberOr(call, "to", now);
  query.from = NumberOr(call, "from", std::max<int64_t>(0, query.to - kHourMs));
  if (query.from >= query.to) return Status::InvalidArgument("from is not before to");
  const bool is_recent = query.from >= now - MetricStore::kSamplesKeptMs;
  const int64_t least = is_recent ? MetricStore::kSampleMs : MetricStore::kMinuteMs;
  const int64_t usual = (query.to - query.from) / kUsualValues;
  const int64_t asked = NumberOr(call, "step", usual / kMsPerSecond) * kMsPerSecond;
  query.step = std::max(least, asked / least * least);
  query.from = query.from / query.step * query.step;
  if ((query.to - query.from) / query.step > kMostValues) {
    return Status::InvalidArgument(
        fmt::format("that would be more than {} values; ask for a longer step", kMostValues));
  }
  return query;
}

Json SeriesJson(const JobSeries& series, const std::vector<std::optional<double>>& values) {
  Json list = Json::array();
  for (const std::optional<double>& value : values) {
    list.push_back(value ? Json(*value) : Json(nullptr));
  }
  return {{"name", series.name}, {"unit", series.unit}, {"values", std::move(list)}};
}

}  // namespace

// Of the namespaces that the caller sees; all of them for who has not logged in, which only
// programs of this machine need not.
Result<Api::Reply> Api::GetMetrics(const Call& call) const {
  CASTOR_ASSIGN_OR_RETURN(Session session, parts_.store->BeginReading());
  CASTOR_ASSIGN_OR_RETURN(DeploymentCounts counts, CountDeployments(&session));
  std::vector<JobFigures> jobs = parts_.board->All();
  if (call.caller->principal.is_known) {
    std::erase_if(counts, [&](const auto& each) { return !MaySee(call, each.first.first); });
    std::erase_if(jobs, [&](const auto& each) { return !MaySee(call, each.namespace_name); });
  }
  return Reply::Text(MetricsText(jobs, counts));
}

Result<Api::Reply> Api::GetJobGraph(const Call& call) const {
  JobRecord job;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
    CASTOR_ASSIGN_OR_RETURN(job, FindJob(&session, call));
  }
  const auto figures = parts_.board->Find(job.id);
  Json graph = FlinkGraph(figures ? figures->status.get() : nullptr);
  if (job.engine != "FLINK") {
    CASTOR_ASSIGN_OR_RETURN(
        const std::string bundle,
        io::ReadWholeFile(io::LocalFileSystem(),
                          io::JoinPath(parts_.bundles, BundleName(job.deployment, job.version))));
    CASTOR_ASSIGN_OR_RETURN(graph, GraphOf(bundle));
  }
  Json status = {{"state", job.state}, {"vertices", Json::array()}};
  if (figures) {
    status["observedAt"] = TimeJson(figures->status->now_ms);
    status["vertices"] = VerticesStatus(graph, *figures);
  }
  return Reply(
      200,
      {{"apiVersion", "v1"},
       {"kind", "JobGraph"},
       {"metadata",
        {{"jobId", job.id}, {"deploymentId", job.deployment}, {"namespace", job.namespace_name}}},
       {"spec", std::move(graph)},
       {"status", std::move(status)}});
}

Result<Api::Reply> Api::GetDeploymentMetrics(const Call& call) const {
  DeploymentRecord deployment;
  CASTOR_ASSIGN_OR_RETURN(MetricStore::Query query, ReadQuery(call, NowMs()));
  std::vector<Mark> marks;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, ReadIn(call));
    CASTOR_ASSIGN_OR_RETURN(deployment, FindDeployment(&session, call));
    CASTOR_ASSIGN_OR_RETURN(marks, FindMarks(&session, deployment.id));
  }
  query.deployment = deployment.id;
  // Marks need it, whether it was asked for or not.
  query.series.push_back(FindJobSeries("numRestarts"));
  CASTOR_ASSIGN_OR_RETURN(auto values, parts_.metrics->Read(query));
  AddRestarts(values.back(), query.from, query.step, &marks);
  values.pop_back();
  Json series = Json::array();
  for (size_t i = 0; i < values.size(); ++i) {
    series.push_back(SeriesJson(*query.series[i], values[i]));
  }
  Json times = Json::array();
  for (int64_t time = query.from; time < query.to; time += query.step) times.push_back(time);
  Json marked = Json::array();
  for (const Mark& mark : marks) {
    if (mark.time >= query.from && mark.time < query.to) marked.push_back(ToJson(mark));
  }
  return Reply(200, {{"apiVersion", "v1"},
                     {"kind", "DeploymentMetrics"},
                     {"metadata",
                      {{"deploymentId", deployment.id}, {"namespace", deployment.namespace_name}}},
                     {"spec",
                      {{"step", query.step / kMsPerSecond},
                       {"times", std::move(times)},
                       {"series", std::move(series)},
                       {"marks", std::move(marked)}}}});
}

}  // namespace castor::platform
