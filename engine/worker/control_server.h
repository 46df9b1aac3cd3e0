// Answers requests on the control socket (spec/worker-control.md): status, savepoint, stop, cancel.
#pragma once

#include <memory>
#include <string>

#include "io/listener.h"
#include "runtime/job/job.h"

namespace castor::worker {

// `job` outlives the server.
Result<std::unique_ptr<io::Listener>> ServeControl(const std::string& path, runtime::Job* job);

// The answer to one request line, without its newline. Blocks until a savepoint is done.
std::string AnswerControl(const std::string& request, runtime::Job* job);

}  // namespace castor::worker
