// Building the nodes of functions of one row: operand types checked and brought to what the
// function takes.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expr/builder.h"
#include "expr/row_function.h"

namespace castor::expr {

// What a function wants its operand as.
enum class Want : uint8_t { kText, kBytes, kInt, kLong, kDouble, kBoolean, kAny };

// The operands as wanted, integers widened; kUnsupported if an operand's type does not go or the
// number of operands is not that of `wants`.
Result<std::vector<Node*>> OperandsAs(Call& call, std::initializer_list<Want> wants);

// A RowNode of `F` with result R over operands A as wanted.
template <typename F, typename R, typename... A>
Result<Node*> MakeRowCall(Call& call, std::initializer_list<Want> wants, F f = {},
                          OnError on_error = OnError::kNull) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, OperandsAs(call, wants));
  return call.builder.Make<RowNode<F, R, A...>>(call.type(), std::move(operands), std::move(f),
                                                on_error);
}

// The same for functions that cannot fail or give NULL.
template <typename F, typename R, typename... A>
Result<Node*> MakeMapCall(Call& call, std::initializer_list<Want> wants, F f = {}) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, OperandsAs(call, wants));
  return call.builder.Make<MapNode<F, R, A...>>(call.type(), std::move(operands), std::move(f));
}

// The text of operand `i` if it is a constant other than NULL; otherwise nothing.
std::optional<std::string> ConstantText(Call& call, size_t i);

}  // namespace castor::expr
