// Answers what is asked over the control socket (spec/worker-control.md). Stateless; called from
// several threads.
#pragma once

#include <functional>
#include <string>

#include "flink/cluster/flink_job.h"

namespace castor::flink {

// `cancel` is told that the job is to be cancelled.
std::string AnswerControl(const std::string& request, FlinkJob* job,
                          const std::function<void()>& cancel);

}  // namespace castor::flink
