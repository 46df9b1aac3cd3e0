// FROM_CHANGELOG: rows of the kind that one of their columns tells, without that column.
// Semantics: Flink's FromChangelogFunction.
//
// A row without a code, or with one that is not mapped, fails the job (kDataError).
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor::changelog {

Result<std::unique_ptr<Operator>> MakeFromChangelog(const OperatorArguments& arguments);

}  // namespace castor::changelog
