#include "operator/local_window_aggregate/local_window_aggregate.h"

#include <algorithm>
#include <utility>

#include "base/memory.h"
#include "state/record_io.h"

namespace castor::local_window_aggregate {
namespace {

aggregate::AggregateSpec SpecOf(const plan::LocalWindowAggregate& node,
                                const LogicalType& input_row) {
  aggregate::AggregateSpec spec;
  spec.calls = node.calls;
  spec.input_row = input_row;
  spec.needs_retraction = node.need_retraction;
  spec.call_retractions.assign(node.calls.size(), node.need_retraction);
  spec.needs_record_count = node.windowing.window.kind == plan::WindowSpec::Kind::kHopping;
  spec.maps_in_memory = true;
  return spec;
}

// `total`: of all blobs.
Status SetOwnBlob(void* total, state::Blob* blob, std::string_view bytes) {
  const int64_t before = blob->allocated();
  CASTOR_RETURN_NOT_OK(state::RecordIo::SetBlob(blob, bytes));
  *static_cast<int64_t*>(total) += blob->allocated() - before;
  return Status::OK();
}

}  // namespace

LocalWindowAggregate::LocalWindowAggregate(const plan::LocalWindowAggregate& node,
                                           const LogicalType& input_row)
    : windowing_(node.windowing),
      input_row_(input_row),
      spec_(SpecOf(node, input_row)),
      key_encoder_(input_row, node.grouping) {}

LocalWindowAggregate::~LocalWindowAggregate() {
  if (tables_ == nullptr) return;
  for (const TimestampMs slice : tables_->Windows()) DropTable(slice);
}

Status LocalWindowAggregate::Open(OperatorContext& context) {
  context_ = &context;
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SliceAssigner assigner,
      windowing::SliceAssigner::Make(windowing_, input_row_, context.configuration()));
  CASTOR_RETURN_NOT_OK(assigner.CheckWholeSlices());
  assigner_ = std::make_unique<windowing::SliceAssigner>(std::move(assigner));
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(spec_));
  aggregates_->BindBlobs({&blob_bytes_, SetOwnBlob});
  tables_ = std::make_unique<state::WindowTables>(&pool_, aggregates_->layout().fixed_size);
  return Status::OK();
}

Result<Progress> LocalWindowAggregate::Process(int, Batch batch, Output& out) {
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch, context_->clock().NowMs(), &slices_));
  key_encoder_.Encode(batch, &keys_);
  const auto rows = static_cast<size_t>(batch.num_rows);
  records_.resize(rows);
  tables_->Lookup(slices_, keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr);
  aggregate::RowUpdates updates;
  updates.records = records_.data();
  if (batch.row_kinds != nullptr) {
    ops_.resize(rows);
    for (size_t i = 0; i < rows; ++i) {
      ops_[i] =
          IsAccumulate(batch.kinds()[i]) ? aggregate::RowOp::kAdd : aggregate::RowOp::kRetract;
    }
    updates.ops = ops_.data();
  }
  CASTOR_RETURN_NOT_OK(aggregates_->Accumulate(batch, updates).status());
  return pool_.used_bytes() + blob_bytes_ > MaxBytes() ? Flush(out) : Progress::kDone;
}

// It gives nothing back when it is asked to, so it must not come to hold what others need.
int64_t LocalWindowAggregate::MaxBytes() {
  constexpr int64_t kShare = 16;
  return std::min(kMaxBytes, MemoryAccount::State().limit() / kShare);
}

Result<Progress> LocalWindowAggregate::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  watermark_waits_ = true;
  const auto& tables = tables_->tables();
  if (!tables.empty() && assigner_->IsFired(tables.begin()->first, watermark)) return Flush(out);
  watermark_waits_ = false;
  out.EmitWatermark(watermark);
  return Progress::kDone;
}

Result<Progress> LocalWindowAggregate::BeforeBarrier(Output& out) { return Flush(out); }

Result<Progress> LocalWindowAggregate::EndInput(int, Output& out) { return Flush(out); }

Result<Progress> LocalWindowAggregate::Continue(Output& out) { return Flush(out); }

Result<Progress> LocalWindowAggregate::Flush(Output& out) {
  while (!tables_->tables().empty()) {
    if (out.Full()) return Progress::kOutputFull;
    EmitPage(tables_->tables().begin()->first, out);
  }
  aggregates_->ClearMemoryMaps();
  blob_bytes_ = 0;
  if (watermark_waits_) out.EmitWatermark(watermark_);
  watermark_waits_ = false;
  return Progress::kDone;
}

// A page of the slice's table; the table goes with its last page.
void LocalWindowAggregate::EmitPage(TimestampMs slice, Output& out) {
  const state::RecordTable* table = tables_->Find(slice);
  std::vector<const char*> keys;
  std::vector<std::byte*> records;
  while (static_cast<int32_t>(records.size()) < kPageRecords) {
    std::byte* record = table->Next(&cursor_);
    if (record == nullptr) break;
    keys.push_back(table->KeyOf(record).data());
    records.push_back(record);
  }
  const auto rows = static_cast<int32_t>(records.size());
  if (rows > 0) {
    std::vector<ColumnPtr> columns = key_encoder_.codec().Decode(keys);
    for (ColumnPtr& column : aggregates_->Accumulators(records.data(), rows)) {
      columns.push_back(std::move(column));
    }
    MutableColumnPtr slice_end = Column::MakeConstant(LogicalType::BigInt(), rows);
    *slice_end->mutable_values<int64_t>() = slice;
    columns.push_back(std::move(slice_end));
    out.Emit(Batch(rows, std::move(columns)));
  }
  if (rows == kPageRecords) return;
  DropTable(slice);
  cursor_ = 0;
}

void LocalWindowAggregate::DropTable(TimestampMs slice) {
  if (aggregates_->has_blobs()) {
    const state::RecordIo io(aggregates_->layout());
    uint64_t cursor = 0;
    while (std::byte* record = tables_->Find(slice)->Next(&cursor)) io.Reset(record);
  }
  tables_->Drop(slice);
}

}  // namespace castor::local_window_aggregate
