// How long what is over is kept (RetentionPolicySpec in spec/openapi.yaml). Stateless.
#pragma once

#include <cstdint>
#include <string>

#include "platform/metadata/store.h"

namespace castor::platform {

struct RetentionPolicy {
  int64_t checkpoints_ms = int64_t{24} * 3'600 * 1'000;  // after the job's end
  int64_t jobs_ms = int64_t{30} * 24 * 3'600 * 1'000;    // after its end
  int64_t jobs_kept = 20;                                // of a deployment, however old
  int64_t events_ms = int64_t{90} * 24 * 3'600 * 1'000;
  int64_t alerts_ms = int64_t{30} * 24 * 3'600 * 1'000;  // after their end
};

// `spec`: JSON that is as the schema says; what it leaves out is as usual.
RetentionPolicy ReadRetentionPolicy(const std::string& spec);
Result<RetentionPolicy> FindRetentionPolicy(Session* session, const std::string& in);

}  // namespace castor::platform
