#include "operator/over/frame_aggregation.h"

#include <cstring>
#include <utility>

#include "column/gather.h"
#include "operator/over/over_calls.h"

namespace castor::over {

using aggregate::RowOp;
using state::Readiness;

struct FrameAggregation::Frame {
  uint64_t first;  // number of the first row that is kept
  uint64_t end;    // number of the next one
};

namespace {

struct KeptRow {
  state::Blob row;
  TimestampMs time;
  int64_t unused;
};

std::string_view NumberBytes(const uint64_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

}  // namespace

FrameAggregation::FrameAggregation(const plan::OverAggregate& node, const LogicalType& input,
                                   bool times_group)
    : node_(node), input_(input), times_group_(times_group), row_encoder_(input, {}) {}

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
  if (node_.unbounded) return Status::OK();
  state::StateDescriptor kept;
  kept.name = "inputState";
  kept.layout.fixed_size = sizeof(KeptRow);
  kept.layout.blob_offsets = {0};
  kept.schema = "number -> " + row_encoder_.schema() + ", time";
  CASTOR_ASSIGN_OR_RETURN(kept_, context.state().OpenMap(kept));
  return Status::OK();
}

Result<Readiness> FrameAggregation::Run(const state::KeyBatch& keys,
                                        const std::vector<FrameRow>& rows, Batch* out) {
  records_.resize(static_cast<size_t>(keys.count()));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      frames_->Acquire(keys, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  bytes_.clear();
  steps_.clear();
  step_of_row_.clear();
  for (const FrameRow& row : rows) {
    auto* frame = reinterpret_cast<Frame*>(records_[static_cast<size_t>(row.key_row)]);
    if (!node_.unbounded) {
      CASTOR_RETURN_NOT_OK(TakeBack(keys, row, frame));
      CASTOR_RETURN_NOT_OK(Keep(keys, row, frame));
    }
    step_of_row_.push_back(static_cast<int32_t>(steps_.size()));
    AddStep(row.bytes, row.key_row, RowOp::kAdd);
  }
  CASTOR_ASSIGN_OR_RETURN(const Batch batch, DecodeSteps());
  CASTOR_RETURN_NOT_OK(Apply(keys, batch));
  frames_->Release();
  *out = MakeResults(rows, batch);
  return Readiness::kReady;
}

// What falls out of the frame that ends with `row`.
Status FrameAggregation::TakeBack(const state::KeyBatch& keys, const FrameRow& row, Frame* frame) {
  if (node_.is_rows) {
    const bool full = frame->end - frame->first > static_cast<uint64_t>(node_.preceding);
    return full ? TakeBackFirst(keys, row.key_row, frame) : Status::OK();
  }
  while (frame->first < frame->end) {
    CASTOR_ASSIGN_OR_RETURN(const TimestampMs first, FirstTime(keys, row.key_row, *frame));
    if (row.time - first <= node_.preceding) return Status::OK();
    CASTOR_RETURN_NOT_OK(TakeBackFirst(keys, row.key_row, frame));
  }
  return Status::OK();
}

Result<TimestampMs> FrameAggregation::FirstTime(const state::KeyBatch& keys, int32_t key_row,
                                                const Frame& frame) {
  const std::string_view number = NumberBytes(frame.first);
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          kept_->Acquire(keys, {&key_row, 1}, {&number, 1},
                                         state::AccessMode::kFind, &record, nullptr));
  if (readiness == Readiness::kPending || record == nullptr) {
    return Status::Internal("a row of an OVER window is not in memory");
  }
  const TimestampMs time = reinterpret_cast<const KeptRow*>(record)->time;
  kept_->Release();
  return time;
}

Status FrameAggregation::TakeBackFirst(const state::KeyBatch& keys, int32_t key_row, Frame* frame) {
  const std::string_view number = NumberBytes(frame->first);
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          kept_->Acquire(keys, {&key_row, 1}, {&number, 1},
                                         state::AccessMode::kFind, &record, nullptr));
  if (readiness == Readiness::kPending || record == nullptr) {
    return Status::Internal("a row of an OVER window is not in memory");
  }
  AddStep(reinterpret_cast<const KeptRow*>(record)->row.view(), key_row, RowOp::kRetract);
  kept_->Release();
  kept_->Erase(keys, {&key_row, 1}, {&number, 1});
  ++frame->first;
  return Status::OK();
}

Status FrameAggregation::Keep(const state::KeyBatch& keys, const FrameRow& row, Frame* frame) {
  const std::string_view number = NumberBytes(frame->end);
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          kept_->Acquire(keys, {&row.key_row, 1}, {&number, 1},
                                         state::AccessMode::kFindOrCreate, &record, nullptr));
  if (readiness == Readiness::kPending) {
    return Status::Internal("a row of an OVER window is not in memory");
  }
  auto* kept = reinterpret_cast<KeptRow*>(record);
  kept->time = row.time;
  const Status stored = kept_->SetBlob(&kept->row, row.bytes);
  kept_->Release();
  ++frame->end;
  return stored;
}

void FrameAggregation::Forget(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  frames_->Erase(keys, rows);
  if (kept_ != nullptr) kept_->Clear(keys, rows);
  if (aggregates_->uses_maps()) aggregates_->ClearMaps(keys, rows);
}

void FrameAggregation::AddStep(std::string_view row, int32_t key_row, RowOp op) {
  steps_.push_back({bytes_.size(), key_row, op});
  bytes_.append(row);
}

Result<Batch> FrameAggregation::DecodeSteps() {
  std::vector<const char*> rows;
  for (const Step& step : steps_) rows.push_back(bytes_.data() + step.bytes_offset);
  const auto count = static_cast<int32_t>(steps_.size());
  Batch batch(count, row_encoder_.Decode(rows));
  CASTOR_RETURN_NOT_OK(AppendConstants(*constants_, node_.constants.size(), &batch));
  return batch;
}

Status FrameAggregation::Apply(const state::KeyBatch& keys, const Batch& batch) {
  std::vector<RowOp> ops;
  std::vector<int32_t> key_rows;
  step_records_.clear();
  for (const Step& step : steps_) {
    ops.push_back(step.op);
    key_rows.push_back(step.key_row);
    step_records_.push_back(records_[static_cast<size_t>(step.key_row)]);
  }
  aggregate::RowUpdates updates;
  updates.records = step_records_.data();
  updates.ops = ops.data();
  updates.keys = &keys;
  updates.key_rows = key_rows.data();
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          aggregates_->AccumulateEach(batch, updates, &values_));
  if (readiness == Readiness::kReady) return Status::OK();
  return Status::Internal("accumulators of an OVER window are not in memory");
}

Batch FrameAggregation::MakeResults(const std::vector<FrameRow>& rows, const Batch& batch) const {
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
    out.columns.push_back(Gather(*batch.columns[i], step_of_row_.data(), count));
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
