#include "operator/sink/sink.h"

#include <optional>
#include <utility>

#include "operator/sink/constraint_enforcer.h"
#include "operator/sink/upsert_materializer.h"
#include "plan/nodes/scan.h"

namespace castor {
namespace {

class Sink final : public Operator {
 public:
  Sink(const plan::Sink& node, const LogicalType& input) : node_(node) {
    if (node.require_upsert_materialize) {
      materializer_ = std::make_unique<UpsertMaterializer>(node, input);
    }
  }

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext& context) override {
    CASTOR_ASSIGN_OR_RETURN(enforcer_,
                            ConstraintEnforcer::Make(node_.consumed_type, context.configuration()));
    if (materializer_ == nullptr) return Status::OK();
    CASTOR_RETURN_NOT_OK(CheckKeysStay(context));
    return materializer_->Open(context);
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    CASTOR_ASSIGN_OR_RETURN(batch, enforcer_->Enforce(std::move(batch)));
    if (materializer_ == nullptr || batch.num_rows == 0) {
      EmitOrMarks(std::move(batch), out);
      return Progress::kDone;
    }
    materializer_->Accept(std::move(batch));
    return materializer_->Advance(out);
  }

  Result<Progress> Continue(Output& out) override { return materializer_->Advance(out); }

 private:
  static void EmitOrMarks(Batch batch, Output& out) {
    if (batch.num_rows > 0) {
      out.Emit(std::move(batch));
      return;
    }
    for (const WatermarkMark& mark : batch.marks) out.EmitWatermark(mark.watermark);
  }

  // Rows are partitioned by primary key before they come here, so no enforcer may change it.
  Status CheckKeysStay(const OperatorContext& context) const {
    if (context.parallelism() == 1) return Status::OK();
    for (const int32_t field : node_.primary_key) {
      if (!enforcer_->Changes(field)) continue;
      return Status::Unsupported("primary key column '" +
                                 node_.consumed_type.fields()[static_cast<size_t>(field)].name +
                                 "' of a sink that materializes upserts cannot be trimmed or "
                                 "padded at a parallelism above "
                                 "1: CAST it in the query, or set 'sink.parallelism' to 1");
    }
    return Status::OK();
  }

  const plan::Sink& node_;
  std::optional<ConstraintEnforcer> enforcer_;
  std::unique_ptr<UpsertMaterializer> materializer_;
};

// Beyond one task, Flink stamps each row with the watermark of the task that sent it, which is not
// known behind the exchange.
Status CheckConflictStrategy(const plan::Sink& node) {
  if (!node.require_upsert_materialize || node.conflict_strategy.empty() ||
      node.conflict_strategy == "DEDUPLICATE") {
    return Status::OK();
  }
  return Status::Unsupported("ON CONFLICT DO " + node.conflict_strategy +
                             " is not supported: use ON CONFLICT DO DEDUPLICATE");
}

}  // namespace

Result<std::unique_ptr<Operator>> MakeSink(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Sink&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  if (input.fields().size() != node.consumed_type.fields().size()) {
    return Status::InvalidArgument("table " + node.table.identifier + " takes " +
                                   std::to_string(node.consumed_type.fields().size()) +
                                   " columns, the query gives " +
                                   std::to_string(input.fields().size()));
  }
  if (node.require_upsert_materialize && node.primary_key.empty()) {
    return Status::InvalidArgument("upserts of a table without primary key: " +
                                   node.table.identifier);
  }
  CASTOR_RETURN_NOT_OK(CheckConflictStrategy(node));
  return std::unique_ptr<Operator>(std::make_unique<Sink>(node, input));
}

}  // namespace castor
