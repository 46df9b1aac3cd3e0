// What a cluster of Flink is to run (spec/flink-program.md), out of a template. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "platform/artifacts/artifact_store.h"
#include "platform/metadata/spec.h"

namespace castor::platform {

// As a shell would divide a line: at spaces, except within '...' and "...", in which (and outside
// of quotes) \ takes the next character as it is, but not in '...'. kInvalidArgument: a quote has
// no end.
Result<std::vector<std::string>> SplitArguments(std::string_view line);

// JSON, with the files of a namespace's artifacts, which are brought here if they are elsewhere.
// Blocks as long as that takes; errors as FetchArtifact's.
Result<std::string> MakeFlinkProgram(const Template& of, const ArtifactStore& artifacts,
                                     const std::string& in);

}  // namespace castor::platform
