// The present: processing time, read once a batch, and the watermark.
#include "expr/date_time.h"
#include "expr/functions/registry.h"
#include "expr/functions/shared.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/time_zone.h"

namespace castor::expr {
namespace {

// One value for a batch: not constant, it is another one for the next.
class MomentNode : public Node {
 public:
  using Node::Node;
  bool IsConstant() const override { return false; }

 protected:
  Result<ColumnPtr> Timestamp(int64_t millis, int32_t count) const {
    int64_t ticks;
    if (!InstantToTicks({millis, 0}, type().TicksPerSecond(), &ticks)) {
      return Status::DataError("the current time is out of the range of " + type().ToString());
    }
    return Constant(ticks, count);
  }
  template <typename T>
  ColumnPtr Constant(T value, int32_t count) const {
    MutableColumnPtr column = Column::MakeConstant(type(), count);
    column->mutable_values<T>()[0] = value;
    return column;
  }
};

// As type says: TIMESTAMP_LTZ the instant; TIMESTAMP, DATE and TIME in the session's zone.
class NowNode final : public MomentNode {
 public:
  NowNode(LogicalType type, ZoneClock clock) : MomentNode(std::move(type)), clock_(clock) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    const int64_t now = frame.context().now;
    if (type().kind() == TypeKind::kTimestampLtz) return Timestamp(now, rows.count);
    const int64_t local = clock_.ToLocal(now);
    if (type().kind() == TypeKind::kTimestamp) return Timestamp(local, rows.count);
    const int64_t days = FloorDiv(local, kMillisPerDay);
    if (type().kind() == TypeKind::kDate) {
      return Constant(static_cast<int32_t>(days), rows.count);
    }
    return Constant(static_cast<int32_t>(local - days * kMillisPerDay), rows.count);
  }

 private:
  const ZoneClock clock_;
};

Result<Node*> Now(Call& call) {
  const TypeKind kind = call.type().kind();
  if (kind != TypeKind::kDate && kind != TypeKind::kTime && !call.type().IsTimestamp()) {
    return call.Unsupported("it gives no " + call.type().ToString());
  }
  CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock,
                          ZoneClock::Find(call.builder.settings().time_zone));
  return call.builder.Make<NowNode>(call.type(), clock);
}

// Seconds since the epoch.
class UnixNowNode final : public MomentNode {
 public:
  explicit UnixNowNode(LogicalType type) : MomentNode(std::move(type)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    return Constant(frame.context().now / 1000, rows.count);
  }
};

// NULL before the first watermark.
class WatermarkNode final : public MomentNode {
 public:
  explicit WatermarkNode(LogicalType type) : MomentNode(std::move(type)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    const TimestampMs watermark = frame.context().watermark;
    if (watermark == kMinTimestamp) return Column::MakeNull(type(), rows.count);
    return Timestamp(watermark, rows.count);
  }
};

Result<Node*> CurrentWatermark(Call& call) {
  if (!call.type().IsTimestamp()) return call.Unsupported("it gives timestamps only");
  return call.builder.Make<WatermarkNode>(call.type());
}

constexpr FunctionEntry kFunctions[] = {
    {"CURRENT_DATE", Now},
    {"CURRENT_TIME", Now},
    {"CURRENT_TIMESTAMP", Now},
    {"CURRENT_ROW_TIMESTAMP", Now},
    {"LOCALTIME", Now},
    {"LOCALTIMESTAMP", Now},
    {"NOW", Now},
    // A processing-time attribute is not read by anything before it is materialised.
    {"PROCTIME", Now},
    {"PROCTIME_MATERIALIZE", Now},
    {"CURRENT_WATERMARK", CurrentWatermark},
};

}  // namespace

Result<Node*> MakeUnixNow(Call& call) { return call.builder.Make<UnixNowNode>(call.type()); }

std::span<const FunctionEntry> NowFunctions() { return kFunctions; }

}  // namespace castor::expr
