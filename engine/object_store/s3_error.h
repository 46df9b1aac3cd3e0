// What Arrow's S3 client says about a failure, as an error that a person can act on.
#pragma once

#include <arrow/status.h>

#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::object_store {

// "cannot <action> '<path>': <what S3 said>; <what to do about it>". kNotFound: there is no such
// object or bucket.
Status Explain(std::string_view action, std::string_view path, const arrow::Status& error);

}  // namespace castor::object_store
