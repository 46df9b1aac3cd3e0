#include "operator/rank/top_n.h"

#include <algorithm>
#include <utility>

#include "operator/rank/rank_end.h"

namespace castor {

struct TopN::Top {
  state::Blob rows;
  int64_t count;
  int64_t last_offset;  // of the last row in `rows`
  int64_t end;          // where it is variable: the last number, as far as `known`
  int32_t known;        // 1: `end` is set
  int32_t unused;
  TimestampMs loaded_at;  // when Flink would have read the partition into its cache
  int64_t padding;
};

namespace {

// What Flink takes for the size of a Top-N whose last number is a column.
constexpr int64_t kDefaultTopNSize = 100;

}  // namespace

TopN::TopN(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys)
    : node_(node),
      by_key_(node.strategy == plan::Rank::Strategy::kUpdateFast),
      numbered_(node.output_row_number || (!node.variable_range && node.start > 1)),
      ttl_ms_(node.StateTtlMs(0)),
      key_encoder_(input, node.partition),
      sort_key_encoder_(std::move(sort_keys)),
      row_encoder_(input, by_key_ ? node.primary_keys : std::vector<int32_t>()),
      output_(node) {}

Status TopN::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = by_key_ ? "data-state-with-update" : "data-state-with-append";
  descriptor.layout.fixed_size = sizeof(Top);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = row_encoder_.schema() + " in order, with sort keys";
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(state_, context.state().OpenValue(descriptor));
  return Status::OK();
}

Result<Progress> TopN::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  row_encoder_.Encode(batch_);
  records_.resize(static_cast<size_t>(batch_.num_rows));
  row_ = 0;
  acquired_ = false;
  now_ = context_->clock().NowMs();
  return Continue(out);
}

Result<Progress> TopN::Continue(Output& out) {
  if (!acquired_) {
    CASTOR_ASSIGN_OR_RETURN(
        const state::Readiness readiness,
        state_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
    if (readiness == state::Readiness::kPending) return Progress::kPending;
    acquired_ = true;
  }
  for (; row_ < batch_.num_rows; ++row_) {
    if (output_.size() >= static_cast<size_t>(context_->batch_rows())) {
      out.Emit(output_.Take(row_encoder_));
    }
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_RETURN_NOT_OK(
        ProcessRow(row_, reinterpret_cast<Top*>(records_[static_cast<size_t>(row_)])));
  }
  state_->Release();
  acquired_ = false;
  if (!output_.empty()) out.Emit(output_.Take(row_encoder_));
  batch_ = Batch();
  return Progress::kDone;
}

Status TopN::ProcessRow(int32_t row, Top* top) {
  if (ttl_ms_ > 0) CASTOR_RETURN_NOT_OK(ForgetExpired(top));
  const int64_t end = EndOf(row, top);
  output_.set_end(end);
  const SortedRow added{sort_keys_.row(row), row_encoder_.row(row), row_encoder_.match_key(row),
                        now_};
  if (by_key_) {
    Read(*top);
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const SortedRow& other) {
      return other.row_key == added.row_key;
    });
    if (found != rows_.end()) {
      Update(static_cast<size_t>(found - rows_.begin()), added);
      return Write(top);
    }
  }
  if (!IsInRange(added.sort_key, *top)) return Status::OK();
  if (!by_key_) Read(*top);
  Insert(added, end);
  return Write(top);
}

int64_t TopN::EndOf(int32_t row, Top* top) const {
  if (!node_.variable_range) return node_.end;
  if (top->known == 0) top->end = ReadRankEnd(batch_, node_.end_field, row);
  top->known = 1;
  return top->end;
}

// TopNBuffer.checkSortKeyInBufferRange
bool TopN::IsInRange(std::string_view sort_key, const Top& top) const {
  if (top.count == 0) return true;
  auto offset = static_cast<size_t>(top.last_offset);
  if (sort_key < ReadSortedRow(top.rows.view(), &offset).sort_key) return true;
  return top.count < (node_.variable_range ? kDefaultTopNSize : node_.end);
}

void TopN::Read(const Top& top) {
  rows_.clear();
  const std::string_view bytes = top.rows.view();
  for (size_t offset = 0; offset < bytes.size();) rows_.push_back(ReadSortedRow(bytes, &offset));
}

Status TopN::Write(Top* top) {
  bytes_.clear();
  for (const SortedRow& row : rows_) {
    top->last_offset = static_cast<int64_t>(bytes_.size());
    AppendSortedRow(row, &bytes_);
  }
  top->count = static_cast<int64_t>(rows_.size());
  return state_->SetBlob(&top->rows, bytes_);
}

Status TopN::ForgetExpired(Top* top) {
  if (top->count == 0) top->loaded_at = now_;
  if (top->loaded_at + ttl_ms_ > now_) return Status::OK();
  top->loaded_at = now_;
  Read(*top);
  std::vector<SortedRow> kept;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (!IsExpired(i)) kept.push_back(rows_[i]);
  }
  rows_ = std::move(kept);
  return Write(top);
}

// Rows with the same sort key are one value in Flink's state, written by the latest of them.
bool TopN::IsExpired(size_t index) const {
  TimestampMs written = rows_[index].written;
  for (const SortedRow& row : rows_) {
    if (!by_key_ && row.sort_key == rows_[index].sort_key) written = std::max(written, row.written);
  }
  return written + ttl_ms_ <= now_;
}

void TopN::Insert(const SortedRow& added, int64_t end) {
  const size_t place = PlaceInOrder(rows_, added.sort_key);
  rows_.insert(rows_.begin() + static_cast<ptrdiff_t>(place), added);
  const auto limit = static_cast<size_t>(std::max<int64_t>(end, 0));
  if (numbered_) {
    EmitShift(place);
    if (rows_.size() > limit) rows_.resize(limit);
  } else if (rows_.size() > limit) {
    PushOutLast(added);
  } else {
    output_.Emit(RowKind::kInsert, added.row);
  }
}

void TopN::PushOutLast(const SortedRow& added) {
  const SortedRow last = rows_.back();
  rows_.pop_back();
  if (!rows_.empty() && rows_.back().sort_key == last.sort_key) rows_.back().written = now_;
  if (!by_key_ && last.row == added.row) return;
  output_.Emit(RowKind::kDelete, last.row);
  output_.Emit(RowKind::kInsert, added.row);
}

// The row at `from` is new: every row behind it takes the next number.
void TopN::EmitShift(size_t from) {
  std::string_view current = rows_[from].row;
  auto number = static_cast<int64_t>(from) + 1;
  for (size_t i = from + 1; i < rows_.size() && output_.WithinEnd(number); ++i, ++number) {
    output_.Emit(RowKind::kUpdateBefore, rows_[i].row, number);
    output_.Emit(RowKind::kUpdateAfter, current, number);
    current = rows_[i].row;
  }
  output_.Emit(RowKind::kInsert, current, number);
}

void TopN::Update(size_t index, const SortedRow& changed) {
  const SortedRow old = rows_[index];
  size_t place = index;
  if (old.sort_key != changed.sort_key) {
    rows_.erase(rows_.begin() + static_cast<ptrdiff_t>(index));
    place = PlaceInOrder(rows_, changed.sort_key);
    rows_.insert(rows_.begin() + static_cast<ptrdiff_t>(place), changed);
  } else {
    rows_[index] = changed;
  }
  const auto number = static_cast<int64_t>(index) + 1;
  if (!numbered_) {
    output_.Emit(RowKind::kUpdateBefore, old.row);
    output_.Emit(RowKind::kUpdateAfter, changed.row);
  } else if (old.sort_key == changed.sort_key) {
    output_.Emit(RowKind::kUpdateBefore, old.row, number);
    output_.Emit(RowKind::kUpdateAfter, changed.row, number);
  } else if (changed.sort_key < old.sort_key) {
    EmitMoveUp(old, index, place);
  } else {
    EmitMoveDown(old, index, place);
  }
}

// The row that was at `from` is at `to`, before it.
void TopN::EmitMoveUp(const SortedRow& old, size_t from, size_t to) {
  std::string_view current = rows_[to].row;
  const auto old_number = static_cast<int64_t>(from) + 1;
  auto number = static_cast<int64_t>(to) + 1;
  for (size_t i = to + 1; i <= from; ++i, ++number) {
    output_.Emit(RowKind::kUpdateBefore, rows_[i].row, number);
    if (i == to + 1) output_.Emit(RowKind::kUpdateBefore, old.row, old_number);
    output_.Emit(RowKind::kUpdateAfter, current, number);
    current = rows_[i].row;
  }
  if (from == to) output_.Emit(RowKind::kUpdateBefore, old.row, old_number);
  output_.Emit(RowKind::kUpdateAfter, current, number);
}

// The row that was at `from` is at `to`, behind it: against the promise of the input, which breaks
// when the state of an operator before expires (emitRecordsWithRowNumberIgnoreStateError).
void TopN::EmitMoveDown(const SortedRow& old, size_t from, size_t to) {
  output_.Emit(RowKind::kUpdateBefore, old.row, static_cast<int64_t>(from) + 1);
  for (size_t i = from; i < to; ++i) {
    const auto number = static_cast<int64_t>(i) + 1;
    output_.Emit(RowKind::kUpdateBefore, rows_[i].row, number + 1);
    output_.Emit(RowKind::kUpdateAfter, rows_[i].row, number);
  }
  output_.Emit(RowKind::kUpdateAfter, rows_[to].row, static_cast<int64_t>(to) + 1);
}

}  // namespace castor
