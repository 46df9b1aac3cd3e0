// What the options say about S3, under the names of Flink's own S3 file system
// (flink-s3-fs-native).
#pragma once

#include <cstdint>
#include <string>

#include "base/configuration.h"

namespace castor::object_store {

struct S3Settings {
  std::string endpoint_scheme;  // http or https; empty: S3 itself
  std::string endpoint;         // host and port
  std::string region;           // empty: as the environment says
  // Both or neither; without them the AWS SDK looks for them: in the environment, in the user's
  // profile, in the machine's role.
  std::string access_key;
  std::string secret_key;
  bool anonymous = false;

  // Not options. A request that gets no byte for so long is broken off; a broken one is repeated
  // after pauses of up to 1, 2, 4, ... seconds until there have been so many attempts.
  double silence_seconds = 10;
  int64_t attempts = 5;
};

// Errors name the option (kInvalidArgument). An option that begins with "s3." and has no meaning
// here is refused, and those that there are named.
Result<S3Settings> ReadS3Settings(const Configuration& configuration);

}  // namespace castor::object_store
