#include "operator/window_table_function/window_table_function.h"

#include "operator/window_table_function/aligned_windows.h"
#include "operator/window_table_function/session_rows.h"
#include "plan/nodes/window_aggregate.h"

namespace castor {

Result<std::unique_ptr<Operator>> MakeWindowTableFunction(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::WindowTableFunction&>(arguments.node);
  if (node.windowing.window.kind == plan::WindowSpec::Kind::kSession) {
    return std::unique_ptr<Operator>(
        std::make_unique<window_table_function::SessionRows>(node, arguments.input_types[0]));
  }
  return std::unique_ptr<Operator>(
      std::make_unique<window_table_function::AlignedWindows>(node, arguments.input_types[0]));
}

}  // namespace castor
