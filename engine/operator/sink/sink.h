// stream-exec-sink: everything between the query and the connector's writer, which the runtime
// hosts: what this operator emits is what the writer gets (Flink's CommonExecSink).
#pragma once

#include <memory>

#include "operator/api/registry.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeSink(const OperatorArguments& arguments);

}  // namespace castor
