// Decodes lines of JSON into columns; see ../api/format.h for the contract of a BlockDecoder.
//
// A line is a record: an object, or an array of objects that gives a row each. Empty lines are
// nothing; what stands behind the object is ignored, as Flink does.
#pragma once

#include <memory>

#include "format/json/json_options.h"

namespace castor::format::json {

// Errors name the field whose type or projection cannot be read.
Result<std::unique_ptr<BlockDecoder>> MakeJsonDecoder(const DecodeSpec& spec,
                                                      const JsonOptions& options);

}  // namespace castor::format::json
