// Whether the condition of a rule holds for a deployment. Stateless; reads the database and what is
// known of jobs.
#pragma once

#include <optional>
#include <string>

#include "platform/alerts/alert_rule.h"
#include "platform/metadata/store.h"
#include "platform/metrics/job_board.h"
#include "platform/metrics/metric_store.h"

namespace castor::platform {

struct Finding {
  std::optional<bool> holds;  // nothing: it cannot be told now
  std::string message;        // what is wrong, for people
};

// How often a counter that begins anew with each process has grown; nothing if there are too few
// values to tell.
std::optional<int64_t> Growth(const std::vector<std::optional<double>>& values);

class AlertConditions {
 public:
  // They outlive it. `watching_since`: what was before it is not known from the board.
  AlertConditions(const JobBoard* board, MetricStore* metrics, int64_t watching_since)
      : board_(board), metrics_(metrics), watching_since_(watching_since) {}

  Result<Finding> Look(Session* session, const AlertRule& rule, const DeploymentListing& deployment,
                       int64_t now) const;

 private:
  Result<Finding> LookAtRestarts(Session* session, const AlertRule& rule,
                                 const DeploymentListing& deployment, int64_t now) const;
  Result<Finding> LookAtCheckpoints(Session* session, const AlertRule& rule,
                                    const DeploymentListing& deployment, int64_t now) const;
  Finding LookAtLag(const AlertRule& rule, const DeploymentListing& deployment) const;
  Result<std::vector<std::optional<double>>> ReadSeries(const char* name,
                                                        const std::string& deployment, int64_t from,
                                                        int64_t now) const;

  const JobBoard* const board_;
  MetricStore* const metrics_;
  const int64_t watching_since_;
};

}  // namespace castor::platform
