#include "operator/over/frame_aggregation.h"

#include <cstring>
#include <utility>

#include "column/gather.h"
#include "operator/over/over_calls.h"

namespace castor::over {

using aggregate::RowOp;
using state::Readiness;

FrameAggregation::FrameAggregation(const plan::OverAggregate& node, const LogicalType& input,
                                   bool times_group)
    : node_(node),
      input_(input),
      times_group_(times_group),
      row_encoder_(input, {}),
      kept_(/*by_time=*/!node.is_rows, node.preceding) {}

aggregate::AggregateSpec FrameAggregation::SpecOf() const {
  aggregate::AggregateSpec spec = CallsOf(node_, input_);
  spec.needs_retraction = !node_.unbounded;
  spec.call_retractions.assign(spec.calls.size(), !node_.unbounded);
  spec.reserved_bytes = sizeof(Frame);
  return spec;
}

Status FrameAggregation::Open(OperatorContext& context, int64_t ttl_ms) {
  context_ = &context;
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(SpecOf()));
  CASTOR_ASSIGN_OR_RETURN(constants_, CompileConstants(node_, context.configuration()));
  state::StateDescriptor descriptor;
  descriptor.name = "accState";
  descriptor.layout = aggregates_->layout();
  descriptor.schema = aggregates_->schema() + " behind first, end";
  descriptor.version = aggregate::AggregateSet::kVersion;
  descriptor.ttl_ms = ttl_ms;
  CASTOR_ASSIGN_OR_RETURN(frames_, context.state().OpenValue(descriptor));
  if (aggregates_->has_blobs()) aggregates_->BindBlobs(aggregate::BlobWriter::Of(frames_));
  if (aggregates_->uses_maps()) CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(context.state(), 0));
  return node_.unbounded ? Status::OK() : kept_.Open(context.state(), row_encoder_.schema());
}

Result<Readiness> FrameAggregation::Run(const state::KeyBatch& keys,
                                        const std::vector<FrameRow>& rows, Batch* out) {
  Readiness readiness = Readiness::kReady;
  if (stage_ == Stage::kAcquire) {
    records_.resize(static_cast<size_t>(keys.count()));
    CASTOR_ASSIGN_OR_RETURN(readiness, frames_->Acquire(keys, state::AccessMode::kFindOrCreate,
                                                        records_.data(), nullptr));
    if (readiness == Readiness::kPending) return readiness;
    stage_ = Stage::kLoad;
  }
  if (stage_ == Stage::kLoad) {
    if (!node_.unbounded) {
      CASTOR_ASSIGN_OR_RETURN(readiness, kept_.Load(keys, rows, records_));
      if (readiness == Readiness::kPending) return readiness;
    }
    CASTOR_RETURN_NOT_OK(MakeSteps(rows));
    stage_ = Stage::kStore;
  }
  if (stage_ == Stage::kStore) {
    if (!node_.unbounded) {
      CASTOR_ASSIGN_OR_RETURN(readiness, kept_.Store(keys));
      if (readiness == Readiness::kPending) return readiness;
    }
    stage_ = Stage::kApply;
  }
  if (stage_ == Stage::kApply) {
    CASTOR_ASSIGN_OR_RETURN(readiness, Apply(keys));
    if (readiness == Readiness::kPending) return readiness;
  }
  stage_ = Stage::kAcquire;
  frames_->Release();
  *out = MakeResults(rows);
  step_rows_ = Batch();
  return readiness;
}

void FrameAggregation::Forget(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  frames_->Erase(keys, rows);
  if (!node_.unbounded) kept_.Clear(keys, rows);
  if (aggregates_->uses_maps()) aggregates_->ClearMaps(keys, rows);
}

void FrameAggregation::AddStep(std::string_view row, int32_t key_row, RowOp op) {
  step_offsets_.push_back(bytes_.size());
  bytes_.append(row);
  step_ops_.push_back(op);
  step_key_rows_.push_back(key_row);
  step_records_.push_back(records_[static_cast<size_t>(key_row)]);
}

Status FrameAggregation::MakeSteps(const std::vector<FrameRow>& rows) {
  bytes_.clear();
  step_offsets_.clear();
  step_ops_.clear();
  step_key_rows_.clear();
  step_records_.clear();
  step_of_row_.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    const FrameRow& row = rows[i];
    if (!node_.unbounded) {
      kept_.Advance(i,
                    [&](std::string_view bytes) { AddStep(bytes, row.key_row, RowOp::kRetract); });
    }
    step_of_row_.push_back(static_cast<int32_t>(step_ops_.size()));
    AddStep(row.bytes, row.key_row, RowOp::kAdd);
  }
  std::vector<const char*> decoded;
  for (const size_t offset : step_offsets_) decoded.push_back(bytes_.data() + offset);
  step_rows_ = Batch(static_cast<int32_t>(decoded.size()), row_encoder_.Decode(decoded));
  return AppendConstants(*constants_, node_.constants.size(), &step_rows_);
}

Result<Readiness> FrameAggregation::Apply(const state::KeyBatch& keys) {
  aggregate::RowUpdates updates;
  updates.records = step_records_.data();
  updates.ops = step_ops_.data();
  updates.keys = &keys;
  updates.key_rows = step_key_rows_.data();
  return aggregates_->AccumulateEach(step_rows_, updates, &values_);
}

Batch FrameAggregation::MakeResults(const std::vector<FrameRow>& rows) const {
  std::vector<int32_t> results(step_of_row_.size());
  for (size_t i = rows.size(); i-- > 0;) {
    const bool ends_together = times_group_ && i + 1 < rows.size() &&
                               rows[i].time == rows[i + 1].time &&
                               records_[static_cast<size_t>(rows[i].key_row)] ==
                                   records_[static_cast<size_t>(rows[i + 1].key_row)];
    results[i] = ends_together ? results[i + 1] : 2 * step_of_row_[i] + 1;
  }
  const auto count = static_cast<int32_t>(rows.size());
  Batch out(count, {});
  const size_t fields = input_.fields().size();
  for (size_t i = 0; i < fields; ++i) {
    out.columns.push_back(Gather(*step_rows_.columns[i], step_of_row_.data(), count));
  }
  for (const ColumnPtr& value : values_) {
    out.columns.push_back(Gather(*value, results.data(), count));
  }
  for (size_t i = 0; i < out.columns.size(); ++i) {
    out.columns[i] = out.columns[i]->WithType(node_.output_type.fields()[i].type);
  }
  return out;
}

}  // namespace castor::over
