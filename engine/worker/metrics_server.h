// The Prometheus page of a job: GET /metrics on the loopback interface.
#pragma once

#include <memory>

#include "io/listener.h"
#include "runtime/metrics/job_metrics.h"

namespace castor::worker {

// `metrics` outlives the server.
Result<std::unique_ptr<io::Listener>> ServeMetrics(int port, runtime::JobMetrics* metrics);

}  // namespace castor::worker
