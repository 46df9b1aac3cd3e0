#include "object_store/s3_error.h"

#include <arrow/util/io_util.h>

#include <cerrno>

namespace castor::object_store {
namespace {

// Names of the SDK's errors as Arrow writes them behind "AWS Error ", and what helps.
struct Advice {
  std::string_view code;
  std::string_view text;
};
constexpr std::string_view kCheckKeys =
    "check s3.access-key and s3.secret-key, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
constexpr std::string_view kCheckEndpoint =
    "check s3.endpoint, and that the store can be reached from here";
constexpr Advice kAdvice[] = {
    {"NO_SUCH_BUCKET", "make the bucket, or correct the path"},
    {"INVALID_ACCESS_KEY_ID", kCheckKeys},
    {"SIGNATURE_DOES_NOT_MATCH", kCheckKeys},
    {"INVALID_SIGNATURE", kCheckKeys},
    {"UNRECOGNIZED_CLIENT", kCheckKeys},
    {"MISSING_AUTHENTICATION_TOKEN", kCheckKeys},
    {"EXPIRED_TOKEN", "the credentials have expired: get new ones"},
    {"REQUEST_TIME_TOO_SKEWED", "this machine's clock is wrong"},
    {"ACCESS_DENIED",
     "the credentials are wrong, or may not do this to the bucket: it takes s3:GetObject, "
     "s3:PutObject, s3:DeleteObject and s3:ListBucket"},
    {"NETWORK_CONNECTION", kCheckEndpoint},
    {"REQUEST_TIMEOUT", kCheckEndpoint},
    {"SLOW_DOWN", "the store asks for fewer requests: checkpoint less often"},
    {"THROTTLING", "the store asks for fewer requests: checkpoint less often"},
    {"SERVICE_UNAVAILABLE", "the store has a problem of its own; try again later"},
    {"INTERNAL_FAILURE", "the store has a problem of its own; try again later"},
};

std::string_view AdviceFor(std::string_view message) {
  constexpr std::string_view kMark = "AWS Error ";
  const size_t mark = message.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view code = message.substr(mark + kMark.size());
  for (const Advice& advice : kAdvice) {
    if (code.starts_with(advice.code)) return advice.text;
  }
  return {};
}

bool IsMissing(const arrow::Status& error) {
  return arrow::internal::ErrnoFromStatus(error) == ENOENT ||
         error.message().find("AWS Error NO_SUCH_") != std::string::npos;
}

}  // namespace

Status Explain(std::string_view action, std::string_view path, const arrow::Status& error) {
  std::string message = "cannot " + std::string(action) + " '" + std::string(path) + "': ";
  message += error.message();
  if (const std::string_view advice = AdviceFor(error.message()); !advice.empty()) {
    message += "; " + std::string(advice);
  }
  if (IsMissing(error)) return Status::NotFound(std::move(message));
  return Status::IoError(std::move(message));
}

}  // namespace castor::object_store
