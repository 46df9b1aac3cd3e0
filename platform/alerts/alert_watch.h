// Holds the alert rules of all namespaces to what is so, again and again, on a thread of its own.
//
// What it finds is recorded together with the event and with what the webhook is to be told, so
// that nothing is told twice or never, whenever the server dies; the courier (alert_courier.h)
// carries it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/alerts/alert_conditions.h"

namespace castor::platform {

class AlertWatch {
 public:
  // All of them outlive it.
  AlertWatch(Store* store, const JobBoard* board, MetricStore* metrics);
  ~AlertWatch();
  AlertWatch(const AlertWatch&) = delete;
  AlertWatch& operator=(const AlertWatch&) = delete;

 private:
  struct Change;
  void Work();
  Status LookAtAll(int64_t now);
  Result<std::vector<Change>> FindChanges(int64_t now);
  Status FindChangesOf(Session* session, const AlertRuleRecord& record,
                       const std::vector<DeploymentListing>& deployments, int64_t now,
                       std::vector<Change>* changes);
  Status Record(Session* session, const Change& change, int64_t now);

  Store* const store_;
  const AlertConditions conditions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace castor::platform
