#include "cli/terminal/exit_code.h"

#include "cli/terminal/terminal.h"

namespace castor::cli {

ExitCode ExitCodeOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::kOk:
      return kSuccess;
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
      return kUsage;
    case StatusCode::kUnsupported:
      return kUnsupported;
    case StatusCode::kCorruption:
    case StatusCode::kIncompatible:
      return kBadSnapshot;
    case StatusCode::kCancelled:
      return kCancelled;
    case StatusCode::kInternal:
      return kBroken;
    default:
      return kJobFailed;
  }
}

ExitCode Fail(const Status& status) {
  const Style style = Style::Of(io::Stream::kError);
  Print(io::Stream::kError,
        style.Bold("castor: ") + style.Red("error: ") + status.message() + "\n");
  return ExitCodeOf(status);
}

}  // namespace castor::cli
