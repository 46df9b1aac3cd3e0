// TO_CHANGELOG: the kind of each row as a column before the others, in rows that are all inserted.
// Semantics: Flink's ToChangelogFunction.
//
// The column is a dictionary of four codes. Rows of kinds without a code are dropped.
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor::changelog {

Result<std::unique_ptr<Operator>> MakeToChangelog(const OperatorArguments& arguments);

}  // namespace castor::changelog
