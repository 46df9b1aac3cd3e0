#include "base/fault_point.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace castor {
namespace {

struct FaultPlan {
  std::string name;
  int hit = 1;
  bool error = false;
  std::string trace_file;
  std::atomic<int> hits{0};

  FaultPlan() {
    if (const char* trace = std::getenv("CASTOR_FAULT_TRACE")) trace_file = trace;
    const char* spec = std::getenv("CASTOR_FAULT");
    if (spec == nullptr) return;
    std::string text = spec;
    if (text.ends_with(":error")) {
      error = true;
      text.resize(text.size() - 6);
    }
    if (const size_t colon = text.find(':'); colon != std::string::npos) {
      hit = std::atoi(text.c_str() + colon + 1);
      text.resize(colon);
    }
    name = text;
  }

  bool active() const { return !name.empty() || !trace_file.empty(); }
};

// One O_APPEND write per name, so that a SIGKILL right after loses nothing already passed.
void Trace(const std::string& file, std::string_view name) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return;
  const std::string line = std::string(name) + "\n";
  [[maybe_unused]] const ssize_t written = ::write(fd, line.data(), line.size());
  ::close(fd);
}

}  // namespace

Status FaultPoint(std::string_view name) {
  static FaultPlan plan;
  if (!plan.active()) return Status::OK();
  if (!plan.trace_file.empty()) Trace(plan.trace_file, name);
  if (plan.name != name || plan.hits.fetch_add(1) + 1 != plan.hit) return Status::OK();
  if (plan.error) return Status::IoError("injected fault at " + plan.name);
  ::kill(::getpid(), SIGKILL);
  return Status::OK();
}

}  // namespace castor
