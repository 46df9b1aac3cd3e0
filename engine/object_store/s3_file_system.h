// S3, and stores that speak its language, as a file system: `s3://bucket/key`.
//
// Paths keep their scheme (which may be another than "s3": the one of a path in a call is that of
// the paths in the answer). Files appear whole; directories are prefixes of keys. Throttled and
// broken requests are repeated by the AWS SDK with growing pauses, a bounded number of times: a
// store that cannot be reached is an error after seconds, one that is silent in the middle of an
// upload after some minutes. Thread-safe; all calls block.
#pragma once

#include <memory>

#include "io/file_system.h"
#include "object_store/s3_settings.h"

namespace castor::object_store {

// Sends nothing yet. With an endpoint it may change the environment of the process, so that it
// should be called before other threads look there.
Result<std::unique_ptr<io::FileSystem>> OpenS3(const S3Settings& settings);

// The end of the SDK, which must come before that of the process, when all file systems and files
// are gone. None can be opened afterwards.
void StopS3();

}  // namespace castor::object_store
