#include "operator/window_rank/window_rank.h"

#include <utility>

#include "column/gather.h"
#include "operator/windowing/progress.h"

namespace castor::window_rank {
namespace {

using state::Readiness;

// The record of a window and key.
struct Top {
  state::Blob rows;
};

}  // namespace

Result<std::unique_ptr<Operator>> WindowRank::Make(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::WindowRank&>(arguments.node);
  if (!node.windowing.is_rowtime ||
      node.windowing.kind != plan::WindowingStrategy::Kind::kWindowAttached) {
    return Status::Unsupported("row numbers over windows of processing time are not supported");
  }
  std::vector<SortKeyField> order;
  for (const plan::SortField& field : node.order) {
    order.push_back({field.index, field.ascending, field.nulls_last});
  }
  const LogicalType& input = arguments.input_types[0];
  CASTOR_ASSIGN_OR_RETURN(SortKeyEncoder sort_keys, SortKeyEncoder::Make(input, order));
  return std::unique_ptr<Operator>(new WindowRank(node, input, std::move(sort_keys)));
}

WindowRank::WindowRank(const plan::WindowRank& node, const LogicalType& input,
                       SortKeyEncoder sort_keys)
    : node_(node),
      input_(input),
      key_encoder_(input, node.partition),
      sort_key_encoder_(std::move(sort_keys)),
      row_encoder_(input, {}) {}

Status WindowRank::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SliceAssigner assigner,
      windowing::SliceAssigner::Make(node_.windowing, input_, context.configuration()));
  assigner_ = std::make_unique<windowing::SliceAssigner>(std::move(assigner));
  state::StateDescriptor descriptor;
  descriptor.name = "window_data_state";
  descriptor.layout.fixed_size = sizeof(Top);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = row_encoder_.schema() + " in order, with sort keys";
  CASTOR_ASSIGN_OR_RETURN(state_, context.state().OpenWindow(descriptor));
  return Status::OK();
}

Result<Progress> WindowRank::Process(int, Batch batch, Output&) {
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch, context_->clock().NowMs(), &windows_));
  batch_ = DropLate(std::move(batch));
  if (batch_.num_rows == 0) return Progress::kDone;
  key_encoder_.Encode(batch_, &keys_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  row_encoder_.Encode(batch_);
  return Add();
}

Batch WindowRank::DropLate(Batch batch) {
  std::vector<int32_t> kept;
  for (size_t i = 0; i < windows_.size(); ++i) {
    if (assigner_->IsFired(windows_[i], progress_)) continue;
    windows_[kept.size()] = windows_[i];
    kept.push_back(static_cast<int32_t>(i));
  }
  windows_.resize(kept.size());
  const auto rows = static_cast<int32_t>(kept.size());
  if (rows == batch.num_rows) return batch;
  late_rows_->Add(batch.num_rows - rows);
  return Gather(batch, kept.data(), rows);
}

Result<Progress> WindowRank::Add() {
  records_.resize(static_cast<size_t>(batch_.num_rows));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(windows_, keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return Progress::kPending;
  Status status;
  for (int32_t row = 0; status.ok() && row < batch_.num_rows; ++row) {
    status = AddRow(row, records_[static_cast<size_t>(row)]);
  }
  state_->Release();
  batch_ = Batch();
  CASTOR_RETURN_NOT_OK(status);
  return Progress::kDone;
}

Status WindowRank::AddRow(int32_t row, std::byte* record) {
  if (!IsAccumulate(batch_.kind(row))) {
    return Status::DataError("row numbers over windows do not take rows back");
  }
  auto* top = reinterpret_cast<Top*>(record);
  rows_.clear();
  const std::string_view bytes = top->rows.view();
  for (size_t offset = 0; offset < bytes.size();) rows_.push_back(ReadSortedRow(bytes, &offset));
  const std::string_view sort_key = sort_keys_.row(row);
  const size_t place = PlaceInOrder(rows_, sort_key, !node_.latest_first);
  if (place >= static_cast<size_t>(node_.end)) return Status::OK();
  rows_.insert(rows_.begin() + static_cast<ptrdiff_t>(place),
               {sort_key, row_encoder_.row(row), {}, 0});
  if (rows_.size() > static_cast<size_t>(node_.end)) rows_.pop_back();
  bytes_.clear();
  for (const SortedRow& kept : rows_) AppendSortedRow(kept, &bytes_);
  return state_->SetBlob(&top->rows, bytes_);
}

Result<Progress> WindowRank::OnWatermark(TimestampMs watermark, Output& out) {
  target_ = watermark;
  return Fire(out);
}

Result<Progress> WindowRank::Continue(Output& out) {
  return batch_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> WindowRank::Fire(Output& out) {
  while (true) {
    if (!is_firing_) {
      const std::vector<TimestampMs> windows = state_->Windows();
      if (windows.empty() || !assigner_->IsFired(windows.front(), target_)) break;
      firing_ = windows.front();
      cursor_ = 0;
      is_firing_ = true;
    }
    while (cursor_ != state::KeyEntries::kEndOfEntries) {
      if (out.Full()) return Progress::kOutputFull;
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitPage(out));
      if (readiness == Readiness::kPending) return Progress::kPending;
    }
    state_->Drop(firing_);
    is_firing_ = false;
  }
  progress_ = std::max(progress_, target_);
  out.EmitWatermark(target_);
  return Progress::kDone;
}

Result<Readiness> WindowRank::EmitPage(Output& out) {
  std::vector<state::Record> page;
  const auto max_records = static_cast<size_t>(context_->batch_rows());
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, state_->Scan(firing_, state::AccessMode::kRead,
                                                                  &cursor_, max_records, &page));
  if (readiness == Readiness::kPending) return readiness;
  std::vector<const char*> rows;
  std::vector<int64_t> numbers;
  for (const state::Record& record : page) {
    const std::string_view bytes = reinterpret_cast<const Top*>(record.data)->rows.view();
    int64_t number = 0;
    for (size_t offset = 0; offset < bytes.size();) {
      const SortedRow row = ReadSortedRow(bytes, &offset);
      if (++number < node_.start) continue;
      rows.push_back(row.row.data());
      numbers.push_back(number);
    }
  }
  if (rows.empty()) return readiness;
  const auto count = static_cast<int32_t>(rows.size());
  Batch batch(count, row_encoder_.Decode(rows));
  if (node_.output_row_number) {
    MutableColumnPtr column = Column::MakeFlat(node_.output_type.fields().back().type, count);
    std::copy(numbers.begin(), numbers.end(), column->mutable_values<int64_t>());
    batch.columns.push_back(std::move(column));
  }
  out.Emit(std::move(batch));
  return readiness;
}

Result<std::string> WindowRank::Snapshot() { return windowing::SaveProgress(progress_); }

Status WindowRank::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &progress_);
}

}  // namespace castor::window_rank
