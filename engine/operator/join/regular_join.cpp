#include "operator/join/regular_join.h"

#include <utility>

#include "column/gather.h"

namespace castor::join {
namespace {

using plan::JoinType;

JoinSideSpec SideSpec(const plan::Join& node, int side, const LogicalType& row) {
  JoinSideSpec spec;
  spec.state_name = side == 0 ? "left-records" : "right-records";
  spec.row = row;
  spec.keys = side == 0 ? node.spec.left_keys : node.spec.right_keys;
  spec.filter_nulls = node.spec.filter_nulls;
  spec.unique_keys = side == 0 ? node.left_upsert_keys : node.right_upsert_keys;
  spec.insert_only = side == 0 ? node.left_insert_only : node.right_insert_only;
  const JoinType type = node.spec.type;
  spec.counts_associations =
      type == JoinType::kFull ||
      (side == 0 ? type == JoinType::kLeft || type == JoinType::kSemi || type == JoinType::kAnti
                 : type == JoinType::kRight);
  spec.ttl_ms = node.StateTtlMs(side);
  return spec;
}

joining::JoinOutput::Columns OutputColumns(JoinType type) {
  return type == JoinType::kSemi || type == JoinType::kAnti
             ? joining::JoinOutput::Columns::kLeftOnly
             : joining::JoinOutput::Columns::kBoth;
}

}  // namespace

RegularJoin::RegularJoin(const plan::Join& node, const LogicalType& left, const LogicalType& right)
    : type_(node.spec.type),
      condition_(node.spec.condition),
      sides_{JoinSide(SideSpec(node, 0, left)), JoinSide(SideSpec(node, 1, right))},
      output_(node.output_type, OutputColumns(node.spec.type)) {}

bool RegularJoin::PadsWithNulls(int input) const {
  if (type_ == JoinType::kFull) return true;
  return type_ == (input == 0 ? JoinType::kLeft : JoinType::kRight);
}

Status RegularJoin::Open(OperatorContext& context) {
  context_ = &context;
  page_rows_ = static_cast<size_t>(context.batch_rows());
  for (JoinSide& side : sides_) CASTOR_RETURN_NOT_OK(side.Open(context.state()));
  if (condition_ == nullptr) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(residual_, joining::ResidualCondition::Compile(
                                         condition_, sides_[0].spec().row, sides_[1].spec().row,
                                         context.configuration()));
  return Status::OK();
}

Result<Progress> RegularJoin::ProcessFolded(int input, Batch batch, std::vector<uint8_t> suppressed,
                                            Output& out) {
  in_flight_.input = input;
  in_flight_.batch = std::move(batch);
  in_flight_.suppressed = std::move(suppressed);
  const auto rows = static_cast<size_t>(in_flight_.batch.num_rows);
  own().keys().Encode(in_flight_.batch, &in_flight_.keys);
  own().keys().Matchable(in_flight_.batch, &in_flight_.matchable);
  in_flight_.handles.assign(rows, 0);
  in_flight_.matches.assign(rows, 0);
  in_flight_.located = false;
  in_flight_.row = 0;
  in_flight_.cursor = 0;
  return Run(out);
}

Result<Progress> RegularJoin::Continue(Output& out) { return Run(out); }

Result<Progress> RegularJoin::Run(Output& out) {
  if (!in_flight_.located) {
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness located, Locate());
    if (located == state::Readiness::kPending) return Progress::kPending;
  }
  while (in_flight_.row < in_flight_.batch.num_rows) {
    if (out.Full()) return Progress::kOutputFull;
    const int32_t from = in_flight_.row;
    pairs_.clear();
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness collected, CollectPairs());
    if (residual_ != nullptr) CASTOR_RETURN_NOT_OK(FilterPairs());
    EmitPage(from);
    Flush(out);
    if (collected == state::Readiness::kPending) return Progress::kPending;
  }
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness updated,
      own().Update(in_flight_.batch, in_flight_.keys, in_flight_.matchable, in_flight_.matches));
  if (updated == state::Readiness::kPending) return Progress::kPending;
  in_flight_.batch = Batch();
  return Progress::kDone;
}

Result<state::Readiness> RegularJoin::Locate() {
  std::vector<uint64_t> handles;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          other().Locate(in_flight_.keys, in_flight_.matchable, &handles));
  if (readiness == state::Readiness::kPending) return readiness;
  for (size_t j = 0; j < handles.size(); ++j) {
    in_flight_.handles[static_cast<size_t>(in_flight_.matchable[j])] = handles[j];
  }
  in_flight_.located = true;
  return readiness;
}

Result<state::Readiness> RegularJoin::CollectPairs() {
  while (in_flight_.row < in_flight_.batch.num_rows && pairs_.size() < page_rows_) {
    const uint64_t handle = in_flight_.handles[static_cast<size_t>(in_flight_.row)];
    if (handle != 0) {
      found_.clear();
      CASTOR_ASSIGN_OR_RETURN(
          const state::Readiness readiness,
          other().Walk(handle, &in_flight_.cursor, page_rows_ - pairs_.size(), &found_));
      if (readiness == state::Readiness::kPending) return readiness;
      for (const StoredRow& stored : found_) pairs_.push_back({in_flight_.row, stored});
      if (in_flight_.cursor != state::KeyEntries::kEndOfEntries) break;
    }
    in_flight_.cursor = 0;
    ++in_flight_.row;
  }
  return state::Readiness::kReady;
}

Status RegularJoin::FilterPairs() {
  own_rows_.clear();
  stored_rows_.clear();
  for (const CandidatePair& pair : pairs_) {
    own_rows_.push_back(pair.own_row);
    stored_rows_.push_back(pair.stored.bytes);
  }
  const auto count = static_cast<int32_t>(pairs_.size());
  const joining::FieldReader own = [&](int32_t field) {
    return Gather(*in_flight_.batch.columns[static_cast<size_t>(field)], own_rows_.data(), count);
  };
  const joining::FieldReader stored = [&](int32_t field) {
    return other().codec().DecodeField(stored_rows_, field);
  };
  const bool own_is_left = in_flight_.input == 0;
  const expr::EvalContext now{context_->clock().NowMs(), kMinTimestamp};
  CASTOR_RETURN_NOT_OK(residual_->Evaluate(count, own_is_left ? own : stored,
                                           own_is_left ? stored : own, now, &passed_));
  size_t kept = 0;
  for (const int32_t index : passed_) pairs_[kept++] = pairs_[static_cast<size_t>(index)];
  pairs_.resize(kept);
  return Status::OK();
}

void RegularJoin::EmitPage(int32_t from) {
  size_t next = 0;
  for (int32_t row = from; row <= in_flight_.row && row < in_flight_.batch.num_rows; ++row) {
    for (; next < pairs_.size() && pairs_[next].own_row == row; ++next) {
      in_flight_.matches[static_cast<size_t>(row)] += pairs_[next].stored.times;
      if (IsSemiOrAnti()) {
        EmitSemiAntiPair(pairs_[next]);
      } else {
        EmitPair(pairs_[next]);
      }
    }
    if (row < in_flight_.row) FinishRow(row);
  }
}

void RegularJoin::EmitPair(const CandidatePair& pair) {
  const bool own_is_outer = PadsWithNulls(in_flight_.input);
  const bool other_is_outer = PadsWithNulls(1 - in_flight_.input);
  const RowKind kind = in_flight_.batch.kind(pair.own_row);
  const StoredRow& stored = pair.stored;
  const int32_t before = other_is_outer ? *stored.associations : -1;
  const bool pads = in_flight_.suppressed.empty() ||
                    in_flight_.suppressed[static_cast<size_t>(pair.own_row)] == 0;
  for (int32_t copy = 0; copy < stored.times; ++copy) {
    if (IsAccumulate(kind)) {
      if (before == 0 && pads) output_.Add(-1, stored.bytes, RowKind::kDelete);
      output_.Add(pair.own_row, stored.bytes,
                  own_is_outer || other_is_outer ? RowKind::kInsert : kind);
    } else {
      output_.Add(pair.own_row, stored.bytes, own_is_outer ? RowKind::kDelete : kind);
      if (before == 1 && pads) output_.Add(-1, stored.bytes, RowKind::kInsert);
    }
  }
  if (other_is_outer) *stored.associations = before + (IsAccumulate(kind) ? 1 : -1);
}

// Of left rows only whether they match is known (FinishRow); right rows make and unmake left ones.
void RegularJoin::EmitSemiAntiPair(const CandidatePair& pair) {
  if (in_flight_.input == 0) return;
  const bool anti = type_ == JoinType::kAnti;
  const RowKind kind = in_flight_.batch.kind(pair.own_row);
  const StoredRow& stored = pair.stored;
  const bool accumulate = IsAccumulate(kind);
  if (*stored.associations == (accumulate ? 0 : 1)) {
    const RowKind anti_kind = accumulate ? RowKind::kDelete : RowKind::kInsert;
    for (int32_t copy = 0; copy < stored.times; ++copy) {
      output_.Add(-1, stored.bytes, anti ? anti_kind : kind);
    }
  }
  *stored.associations += accumulate ? 1 : -1;
}

void RegularJoin::FinishRow(int32_t row) {
  const bool matched = in_flight_.matches[static_cast<size_t>(row)] > 0;
  const RowKind kind = in_flight_.batch.kind(row);
  if (IsSemiOrAnti()) {
    const bool wanted = type_ == JoinType::kSemi ? matched : !matched;
    if (in_flight_.input == 0 && wanted) output_.Add(row, nullptr, kind);
  } else if (!matched && PadsWithNulls(in_flight_.input)) {
    output_.Add(row, nullptr, IsAccumulate(kind) ? RowKind::kInsert : RowKind::kDelete);
  }
}

void RegularJoin::Flush(Output& out) {
  if (output_.empty()) return;
  out.Emit(output_.Take(in_flight_.batch, other().codec(), in_flight_.input == 0));
}

}  // namespace castor::join
