// The part of a join condition that is no key equality, evaluated on pages of candidate pairs.
//
// Only the fields that the condition reads are asked for; the rest of a row is looked at only once
// the pair has matched. Single-threaded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "expr/program.h"

namespace castor::joining {

// Makes the column of one field of a side, with one value per candidate pair.
using FieldReader = std::function<ColumnPtr(int32_t field)>;

class ResidualCondition {
 public:
  // `condition` reads the concatenated row, left fields first.
  static Result<std::unique_ptr<ResidualCondition>> Compile(plan::ExpressionPtr condition,
                                                            const LogicalType& left,
                                                            const LogicalType& right,
                                                            const Configuration& configuration);

  // The pairs, of `count`, on which the condition is TRUE, ascending; `*passed` is replaced.
  Status Evaluate(int32_t count, const FieldReader& left, const FieldReader& right,
                  const expr::EvalContext& context, std::vector<int32_t>* passed);

 private:
  ResidualCondition(std::unique_ptr<expr::Program> program, std::vector<int32_t> fields,
                    LogicalType joined, int32_t left_fields)
      : program_(std::move(program)),
        fields_(std::move(fields)),
        joined_(std::move(joined)),
        left_fields_(left_fields) {}

  const std::unique_ptr<expr::Program> program_;
  const std::vector<int32_t> fields_;  // that the condition reads, ascending
  const LogicalType joined_;
  const int32_t left_fields_;
};

}  // namespace castor::joining
