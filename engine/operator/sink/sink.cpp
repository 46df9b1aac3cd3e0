#include "operator/sink/sink.h"

#include <optional>
#include <utility>

#include "operator/api/marks.h"
#include "operator/sink/conflict_materializer.h"
#include "operator/sink/constraint_enforcer.h"
#include "operator/sink/upsert_materializer.h"
#include "plan/nodes/scan.h"

namespace castor {
namespace {

bool ResolvesConflicts(const plan::Sink& node) {
  return node.require_upsert_materialize &&
         (node.conflict_strategy == "ERROR" || node.conflict_strategy == "NOTHING");
}

class Sink final : public Operator {
 public:
  Sink(const plan::Sink& node, const LogicalType& input) : node_(node) {
    if (ResolvesConflicts(node)) {
      conflicts_ = std::make_unique<ConflictMaterializer>(node, input);
    } else if (node.require_upsert_materialize) {
      upserts_ = std::make_unique<UpsertMaterializer>(node, input);
    }
  }

  // Conflicts are resolved at each watermark, so rows on both sides of one must come apart.
  bool HandlesMarks() const override { return conflicts_ == nullptr; }

  Status Open(OperatorContext& context) override {
    CASTOR_ASSIGN_OR_RETURN(enforcer_,
                            ConstraintEnforcer::Make(node_.consumed_type, context.configuration()));
    if (!node_.require_upsert_materialize) return Status::OK();
    CASTOR_RETURN_NOT_OK(CheckKeysStay(context));
    return conflicts_ != nullptr ? conflicts_->Open(context) : upserts_->Open(context);
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    CASTOR_ASSIGN_OR_RETURN(batch, enforcer_->Enforce(std::move(batch)));
    if (batch.num_rows == 0) {
      EmitMarks(batch.marks, out);
      return Progress::kDone;
    }
    if (conflicts_ != nullptr) {
      conflicts_->Accept(std::move(batch));
      return conflicts_->Buffer();
    }
    if (upserts_ != nullptr) {
      upserts_->Accept(std::move(batch));
      return upserts_->Advance(out);
    }
    out.Emit(std::move(batch));
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    if (conflicts_ == nullptr) return Operator::OnWatermark(watermark, out);
    conflicts_->StartWatermark(watermark);
    firing_ = true;
    return Continue(out);
  }

  Result<Progress> Continue(Output& out) override {
    if (upserts_ != nullptr) return upserts_->Advance(out);
    if (!firing_) return conflicts_->Buffer();
    CASTOR_ASSIGN_OR_RETURN(const Progress progress, conflicts_->Fire(out));
    firing_ = progress != Progress::kDone;
    return progress;
  }

 private:
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
  std::unique_ptr<UpsertMaterializer> upserts_;      // or
  std::unique_ptr<ConflictMaterializer> conflicts_;  // or neither
  bool firing_ = false;                              // a watermark is on its way through conflicts_
};

Status CheckConflictStrategy(const plan::Sink& node) {
  if (node.conflict_strategy.empty() || node.conflict_strategy == "DEDUPLICATE" ||
      node.conflict_strategy == "ERROR" || node.conflict_strategy == "NOTHING") {
    return Status::OK();
  }
  return Status::Unsupported("ON CONFLICT DO " + node.conflict_strategy + " is not supported");
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
