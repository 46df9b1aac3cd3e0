// Keeps one row per key, each replaced by the next, and emits the changes.
//
// Which row is kept (`Rule`): the latest to arrive, of inserts (Flink's
// ProcTimeDeduplicateKeepLastRowFunction) or of an upsert changelog (the same class as
// ChangelogNormalize uses it, with its filter), or the one with the latest or earliest event time
// (RowTimeDeduplicateFunction). With mini-batches only the row of a bundle that stays is looked at
// by arrival, and by event time when changes are compacted.
//
// A row lives for its TTL after it was written; with a TTL an unchanged row is sent on, to keep
// state below alive. Single-threaded.
#pragma once

#include <memory>
#include <vector>

#include "expr/program.h"
#include "operator/bundle/bundle_operator.h"
#include "operator/rows/row_encoder.h"
#include "operator/rows/row_output.h"
#include "operator/windowing/distinct_keys.h"
#include "plan/expression.h"

namespace castor::deduplicate {

class LatestRow final : public bundle::BundleOperator {
 public:
  enum class Rule : uint8_t { kLastInsert, kLastChange, kLastTime, kFirstTime };
  struct Options {
    Rule rule = Rule::kLastInsert;
    std::vector<int32_t> key_fields;
    int32_t time_field = -1;
    bool update_before = false;
    bool insert = true;  // the first row is +I, not +U
    bool compact = false;
    plan::ExpressionPtr filter;  // of kLastChange; null: none
    int64_t ttl_ms = 0;
    int64_t bundle_rows = 0;
  };
  LatestRow(Options options, const LogicalType& input);

 protected:
  Status OpenState(OperatorContext& context) override;
  Status Add(Batch part) override;
  Result<state::Readiness> Finish(Batch* changes) override;

 private:
  struct Kept;  // the record of a key

  bool keeps_nothing() const {
    return options_.rule == Rule::kLastInsert && !options_.update_before && !options_.insert;
  }
  Status Prepare();
  void SelectLatest();
  bool ReplacesByTime(int64_t time, int64_t other) const;
  void ReadTimes();
  Status ProcessRow(int32_t row, Kept* kept);
  Status ProcessInsert(int32_t row, Kept* kept);
  Status ProcessChange(int32_t row, Kept* kept);
  Status ProcessByTime(int32_t row, Kept* kept);
  void EmitUpdate(int32_t row, const Kept& kept);
  Status Keep(int32_t row, RowKind kind, Kept* kept);
  Status Forget(Kept* kept);

  const Options options_;
  const LogicalType input_;
  const state::KeyEncoder key_encoder_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<expr::Program> filter_;
  state::ValueState* state_ = nullptr;

  // The bundle.
  std::vector<Batch> parts_;
  Batch batch_;
  bool prepared_ = false;
  TimestampMs now_ = 0;
  state::KeyBatch keys_;
  windowing::DistinctKeys distinct_;
  std::vector<int64_t> times_;
  std::vector<uint8_t> passes_;  // the filter, by row
  std::vector<std::byte*> records_;
  RowOutput output_;
};

}  // namespace castor::deduplicate
