#include "operator/window_join/window_join.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "operator/windowing/progress.h"

namespace castor::window_join {
namespace {

WindowSideSpec SideSpec(const plan::WindowJoin& node, int side, const LogicalType& row) {
  WindowSideSpec spec;
  spec.state_name = side == 0 ? "left-records" : "right-records";
  spec.late_counter = side == 0 ? "leftNumLateRecordsDropped" : "rightNumLateRecordsDropped";
  spec.row = row;
  spec.keys = side == 0 ? node.spec.left_keys : node.spec.right_keys;
  spec.filter_nulls = node.spec.filter_nulls;
  spec.windowing = side == 0 ? node.left_windowing : node.right_windowing;
  for (const JoinPass& pass : PassesOf(node.spec.type)) {
    if (pass.outer == side && pass.emits_unmatched) spec.keeps_unmatched = true;
  }
  return spec;
}

}  // namespace

WindowJoin::WindowJoin(const plan::WindowJoin& node, const LogicalType& left,
                       const LogicalType& right)
    : event_time_(node.left_windowing.is_rowtime && node.right_windowing.is_rowtime),
      condition_(node.spec.condition),
      passes_(PassesOf(node.spec.type)),
      sides_{WindowSide(SideSpec(node, 0, left)), WindowSide(SideSpec(node, 1, right))},
      results_(node.output_type) {}

Status WindowJoin::Open(OperatorContext& context) {
  if (!event_time_) {
    return Status::Unsupported("window joins on processing time; join windows of event time");
  }
  context_ = &context;
  for (WindowSide& side : sides_) CASTOR_RETURN_NOT_OK(side.Open(context));
  if (condition_ == nullptr) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(residual_, joining::ResidualCondition::Compile(
                                         condition_, sides_[0].row_type(), sides_[1].row_type(),
                                         context.configuration()));
  return Status::OK();
}

Result<Progress> WindowJoin::Process(int input, Batch batch, Output&) {
  CASTOR_RETURN_NOT_OK(sides_[input].Add(batch, watermark_));
  return Progress::kDone;
}

Result<Progress> WindowJoin::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  due_.clear();
  window_ = 0;
  const std::vector<TimestampMs> left = sides_[0].rows().Windows();
  const std::vector<TimestampMs> right = sides_[1].rows().Windows();
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(due_));
  std::erase_if(due_, [&](TimestampMs end) { return !sides_[0].IsDue(end, watermark); });
  return Fire(out);
}

Result<Progress> WindowJoin::Fire(Output& out) {
  for (; window_ < due_.size(); ++window_) {
    CASTOR_ASSIGN_OR_RETURN(const Progress progress, JoinWindow(out));
    if (progress != Progress::kDone) return progress;
    for (WindowSide& side : sides_) side.rows().Drop(due_[window_]);
    pass_ = 0;
  }
  out.EmitWatermark(watermark_);
  return Progress::kDone;
}

void WindowJoin::StartPass() {
  WindowSide& outer = sides_[pass().outer];
  WindowSide& inner = sides_[1 - pass().outer];
  const bool reads_pairs = pass().emits_pairs || residual_ != nullptr;
  walk_ =
      std::make_unique<PairWalk>(pass(), reads_pairs, outer.keys(), &outer.rows(), &inner.rows());
  walk_->Start(due_[window_]);
  matched_ = false;
}

Result<Progress> WindowJoin::JoinWindow(Output& out) {
  for (; pass_ < passes_.size(); ++pass_) {
    if (walk_ == nullptr) StartPass();
    while (!walk_->done()) {
      if (out.Full()) return Progress::kOutputFull;
      page_.Clear();
      CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, walk_->Next(PageRows(), &page_));
      CASTOR_RETURN_NOT_OK(JoinPage());
      if (results_.size() >= PageRows()) Flush(out);
      if (readiness == state::Readiness::kPending) return Progress::kPending;
    }
    walk_.reset();
  }
  Flush(out);  // the results point into the window
  return Progress::kDone;
}

Status WindowJoin::EvaluatePage() {
  const auto count = static_cast<int32_t>(page_.outer.size());
  if (residual_ == nullptr) {
    passed_.resize(page_.outer.size());
    std::iota(passed_.begin(), passed_.end(), 0);
    return Status::OK();
  }
  const bool outer_is_left = pass().outer == 0;
  const std::vector<const char*>& left = outer_is_left ? page_.outer : page_.inner;
  const std::vector<const char*>& right = outer_is_left ? page_.inner : page_.outer;
  return residual_->Evaluate(
      count, [&](int32_t field) { return sides_[0].codec().DecodeField(left, field); },
      [&](int32_t field) { return sides_[1].codec().DecodeField(right, field); },
      {context_->clock().NowMs(), watermark_}, &passed_);
}

Status WindowJoin::JoinPage() {
  CASTOR_RETURN_NOT_OK(EvaluatePage());
  size_t next = 0;
  const auto take_pairs = [&](size_t end) {
    for (; next < passed_.size() && static_cast<size_t>(passed_[next]) < end; ++next) {
      const auto pair = static_cast<size_t>(passed_[next]);
      matched_ = true;
      if (pass().emits_pairs) AddPair(page_.outer[pair], page_.inner[pair]);
    }
  };
  const bool reads_pairs = pass().emits_pairs || residual_ != nullptr;
  for (const PairPage::OuterRow& row : page_.finished) {
    take_pairs(row.end);
    if (!reads_pairs) matched_ = row.has_candidates;
    if (matched_ ? pass().emits_matched : pass().emits_unmatched) AddPair(row.row, nullptr);
    matched_ = false;
  }
  take_pairs(page_.outer.size());
  return Status::OK();
}

void WindowJoin::AddPair(const char* outer, const char* inner) {
  pass().outer == 0 ? results_.Add(outer, inner) : results_.Add(inner, outer);
}

void WindowJoin::Flush(Output& out) {
  if (!results_.empty()) out.Emit(results_.Take(sides_[0].codec(), sides_[1].codec()));
}

Result<std::string> WindowJoin::Snapshot() { return windowing::SaveProgress(watermark_); }

Status WindowJoin::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &watermark_);
}

}  // namespace castor::window_join
