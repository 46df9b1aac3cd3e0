#include "plan/nodes/time.h"

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"

namespace castor::plan {

NodePtr ReadWatermarkAssigner(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WatermarkAssigner>();
  node->watermark = ReadExpression(fields.Get("watermarkExpr"));
  node->rowtime_field = fields.Get("rowtimeFieldIndex").Int();
  return node;
}

NodePtr ReadMiniBatchAssigner(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<MiniBatchAssigner>();
  JsonObject interval(fields.Get("miniBatchInterval"));
  node->interval_ms = interval.Get("interval").Long();
  const JsonValue mode = interval.Get("mode");
  const std::string name = mode.String();
  if (name == "RowTime") {
    node->mode = MiniBatchAssigner::Mode::kRowTime;
  } else if (name != "ProcTime") {
    mode.FailUnsupported("mini-batch mode '" + name + "'");
  }
  return node;
}

}  // namespace castor::plan
