// A compiled set of expressions over one input row type: a Calc's projections and condition, a
// join's residual condition, a watermark.
//
// Compiled once per job from plan expressions (common subexpressions are shared, constants folded
// by Flink's own rules at the planner stay constants); evaluated a column at a time. Semantics are
// those of Flink's generated code: three-valued logic, Java's wrap-around, errors where Flink
// throws. A row on which an expression fails is an error value and fails the call only if its
// result is needed (a branch not taken, a row filtered out does not). Immutable after Compile but
// for scratch memory: one Program per operator instance, single-threaded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/configuration.h"
#include "base/status.h"
#include "column/batch.h"
#include "plan/expression.h"

namespace castor::expr {

// Session settings that expressions depend on (table.local-time-zone, legacy cast behaviour ...).
struct CompileOptions {
  const Configuration* configuration = nullptr;
  LogicalType input_row;  // ROW
};

// Rows that an evaluation speaks of: ascending row numbers of the batch, or all of them.
struct Selection {
  const int32_t* rows = nullptr;  // nullptr: rows 0 .. count-1
  int32_t count = 0;
};

struct EvalContext {
  TimestampMs now = 0;                    // processing time, read once a batch
  TimestampMs watermark = kMinTimestamp;  // CURRENT_WATERMARK
};

class Program {
 public:
  // Functions, types and casts that are not known are refused by name (kUnsupported).
  static Result<std::unique_ptr<Program>> Compile(std::span<const plan::ExpressionPtr> expressions,
                                                  const CompileOptions& options);
  virtual ~Program() = default;

  // Result `expression`, one value per selected row (dense: value i belongs to selection row i).
  // A plain input reference over all rows is the input column itself.
  virtual Result<ColumnPtr> Evaluate(int expression, const Batch& batch, const Selection& selection,
                                     const EvalContext& context) = 0;

  // Several of them; what they have in common is computed once.
  virtual Result<std::vector<ColumnPtr>> EvaluateAll(std::span<const int> expressions,
                                                     const Batch& batch, const Selection& selection,
                                                     const EvalContext& context) = 0;

  // The rows of the batch on which the BOOLEAN expression is TRUE, as `*rows`, and the others
  // there; what the condition has computed is not computed again.
  virtual Result<std::vector<ColumnPtr>> FilterAndEvaluate(int condition,
                                                           std::span<const int> expressions,
                                                           const Batch& batch,
                                                           const EvalContext& context,
                                                           std::vector<int32_t>* rows) = 0;

  // The selected rows on which the BOOLEAN expression is TRUE, ascending, appended to `*rows`.
  virtual Status Filter(int expression, const Batch& batch, const Selection& selection,
                        const EvalContext& context, std::vector<int32_t>* rows) = 0;
};

}  // namespace castor::expr
