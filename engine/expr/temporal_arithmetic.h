// Sums and differences with time points: ScalarOperatorGens.generateTemporalPlusMinus.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

// The call's operands are a time point and an interval, or (minus only) two time points.
Result<Node*> MakeTemporalPlusMinus(Call& call, bool plus);

// DATE, TIME or timestamp as milliseconds (BIGINT): of the epoch, or of the day for TIME.
Node* TimePointToMillis(Builder& builder, Node* node);

// DateTimeUtils.addMonths: the day of the month is cut to the month's last.
int32_t AddMonthsToDays(int32_t days, int32_t months);
int64_t AddMonthsToMillis(int64_t millis, int32_t months);
// DateTimeUtils.subtractMonths: whole months from `right` to `left`.
int32_t SubtractMonthsOfDays(int32_t left, int32_t right);
int32_t SubtractMonthsOfMillis(int64_t left, int64_t right);

}  // namespace castor::expr
