// Windows of a plan.
#pragma once

#include <vector>

#include "plan/json_reader.h"
#include "plan/window.h"

namespace castor::plan {

WindowingStrategy ReadWindowing(const JsonValue& value);
// The window of GROUP BY TUMBLE(..), HOP(..) and SESSION(..): Flink's LogicalWindow.
WindowingStrategy ReadGroupWindow(const JsonValue& value);
std::vector<WindowProperty> ReadWindowProperties(const JsonValue& value);

// Milliseconds of a java.time.Duration in its ISO-8601 form, e.g. "PT1H30M", "PT-6S", "PT0.005S".
int64_t ReadIsoDurationMs(const JsonValue& value);

}  // namespace castor::plan
