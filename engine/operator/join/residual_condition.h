// The part of a join condition that is no key equality, evaluated on pages of candidate pairs.
//
// Only the fields that the condition reads are gathered and decoded; the rest of a row is looked at
// only once the pair has matched. Single-threaded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "expr/program.h"
#include "operator/api/operator.h"
#include "operator/join/join_side.h"

namespace castor::join {

struct CandidatePair {
  int32_t own_row;
  StoredRow stored;
};

class ResidualCondition {
 public:
  // `condition` reads the concatenated row, left fields first.
  static Result<std::unique_ptr<ResidualCondition>> Compile(plan::ExpressionPtr condition,
                                                            const LogicalType& left,
                                                            const LogicalType& right,
                                                            const Configuration& configuration);

  // Keeps the pairs on which the condition is TRUE, in order.
  Status Filter(const Batch& own, bool own_is_left, const BinaryRowCodec& stored,
                const expr::EvalContext& context, std::vector<CandidatePair>* pairs);

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
  std::vector<int32_t> own_rows_;
  std::vector<const char*> stored_rows_;
  std::vector<int32_t> passed_;
};

}  // namespace castor::join
