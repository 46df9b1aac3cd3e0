// The Prometheus page of a job: GET /metrics on the loopback interface.
#pragma once

#include <memory>

#include "runtime/metrics/job_metrics.h"
#include "worker/listener.h"

namespace castor::worker {

// `metrics` outlives the server.
Result<std::unique_ptr<Listener>> ServeMetrics(int port, runtime::JobMetrics* metrics);

}  // namespace castor::worker
