// For tests of operators only: one operator instance with state, a manual clock, and its results as
// text.
//
// Drives an operator as a host does (Continue after an output that was full, and after state that
// was pending, which it is at random) and can save its state and open it again in a fresh instance.
// Batches go to the operator with their marks. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "column/test_columns.h"
#include "operator/api/operator.h"
#include "state/checked_store.h"
#include "state/snapshot.h"
#include "state/test_pending_store.h"
#include "state/test_snapshot.h"

namespace castor {

class TestOperatorContext final : public OperatorContext {
 public:
  TestOperatorContext() { Reset(); }

  int32_t subtask() const override { return 0; }
  int32_t parallelism() const override { return parallelism_; }
  int32_t max_parallelism() const override { return 128; }
  KeyGroupRange key_groups() const override { return {0, 127}; }
  const Configuration& configuration() const override { return configuration_; }
  const Clock& clock() const override { return clock_; }
  MetricGroup& metrics() override { return metrics_; }
  state::KeyedStateStore& state() override { return *pending_store_; }
  void RequestProcessingTime(TimestampMs time) override { requested_ = std::min(requested_, time); }
  std::function<void()> MakeWaker() override {
    return [] {};
  }
  int32_t batch_rows() const override { return batch_rows_; }

  Configuration& mutable_configuration() { return configuration_; }
  ManualClock& manual_clock() { return clock_; }
  void set_parallelism(int32_t parallelism) { parallelism_ = parallelism; }
  void set_batch_rows(int32_t rows) { batch_rows_ = rows; }
  TimestampMs requested() const { return requested_; }
  void ClearRequest() { requested_ = kMaxWatermark; }

  std::string SaveState() { return state::SnapshotOf(*store_); }
  // An empty store, or one with what `snapshot` holds.
  void Reset(const std::string& snapshot = "") {
    pending_store_.reset();
    store_ = state::MakeCheckedStore(
        state::MakeStore("test", key_groups(), max_parallelism(), clock_, host_.Host()),
        [](const std::string& misuse) { ADD_FAILURE() << misuse; });
    pending_store_ = std::make_unique<state::PendingStore>(store_.get());
    if (snapshot.empty()) return;
    const Status restored = store_->Restore({snapshot});
    EXPECT_TRUE(restored.ok()) << restored.ToString();
  }

 private:
  Configuration configuration_;
  ManualClock clock_;
  MetricGroup metrics_;
  state::TestStoreHost host_;
  std::unique_ptr<state::SnapshottableStore> store_;
  std::unique_ptr<state::PendingStore> pending_store_;
  int32_t parallelism_ = 1;
  int32_t batch_rows_ = 1024;
  TimestampMs requested_ = kMaxWatermark;
};

// "+I(1,a)" and the like for each row of a batch.
inline std::vector<std::string> ShowRows(const Batch& batch) {
  static constexpr const char* kKinds[] = {"+I", "-U", "+U", "-D"};
  std::vector<std::string> rows;
  for (int32_t row = 0; row < batch.num_rows; ++row) {
    std::string text = kKinds[static_cast<int>(batch.kind(row))];
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      text += (i == 0 ? "(" : ",") + ShowValue(*batch.columns[i], row);
    }
    rows.push_back(text + ")");
  }
  return rows;
}

// A batch with row kinds (empty: all +I) and marks.
inline Batch MakeBatch(std::vector<ColumnPtr> columns, const std::vector<RowKind>& kinds = {},
                       std::vector<WatermarkMark> marks = {}) {
  const int32_t rows = columns[0]->size();
  Batch batch(rows, std::move(columns));
  if (!kinds.empty()) {
    batch.row_kinds = Buffer::Allocate(kinds.size());
    for (size_t i = 0; i < kinds.size(); ++i) {
      batch.row_kinds->data()[i] = static_cast<uint8_t>(kinds[i]);
    }
  }
  batch.marks = std::move(marks);
  return batch;
}

class OperatorTestHarness {
 public:
  using Make = std::function<std::unique_ptr<Operator>()>;
  explicit OperatorTestHarness(Make make, Configuration configuration = {})
      : make_(std::move(make)) {
    context_.mutable_configuration() = std::move(configuration);
    Open();
  }

  TestOperatorContext& context() { return context_; }
  Operator& op() { return *operator_; }

  // Each returns the elements emitted: rows as by ShowRows, "W(<time>)" or "W(max)" for watermarks
  // and for marks where they stand, "idle" and "active" for the watermark status.
  std::vector<std::string> Process(int input, Batch batch) {
    return Drive([&](Output& out) { return operator_->Process(input, std::move(batch), out); });
  }
  std::vector<std::string> Watermark(TimestampMs time) {
    return Drive([&](Output& out) { return operator_->OnWatermark(time, out); });
  }
  std::vector<std::string> WatermarkStatus(bool idle) {
    return Drive([&](Output& out) -> Result<Progress> {
      operator_->OnWatermarkStatus(idle, out);
      return Progress::kDone;
    });
  }
  // The message with which processing `batch` fails; "" when it does not.
  std::string ErrorOf(int input, Batch batch) {
    Output out;
    Result<Progress> progress = operator_->Process(input, std::move(batch), out);
    while (progress.ok() && *progress != Progress::kDone) progress = operator_->Continue(out);
    return progress.ok() ? "" : progress.status().message();
  }
  // Lets time pass until `now`, making the calls that were asked for on the way.
  std::vector<std::string> PassTime(TimestampMs now) {
    std::vector<std::string> shown;
    while (context_.requested() <= now) {
      for (std::string& text : ProcessingTime(context_.requested())) {
        shown.push_back(std::move(text));
      }
    }
    context_.manual_clock().Set(now);
    return shown;
  }
  std::vector<std::string> ProcessingTime(TimestampMs now) {
    context_.manual_clock().Set(now);
    context_.ClearRequest();
    return Drive([&](Output& out) { return operator_->OnProcessingTime(now, out); });
  }
  std::vector<std::string> EndInput(int input) {
    return Drive([&](Output& out) { return operator_->EndInput(input, out); });
  }
  std::vector<std::string> BeforeBarrier() {
    return Drive([&](Output& out) { return operator_->BeforeBarrier(out); });
  }
  // Saves the state, keyed and not, and goes on with a fresh instance that restored it.
  void SaveAndRestore() {
    const std::string keyed = context_.SaveState();
    const Result<std::string> other = operator_->Snapshot();
    ASSERT_TRUE(other.ok()) << other.status().ToString();
    operator_.reset();
    context_.Reset(keyed);
    Open(*other);
  }

 private:
  void Open(const std::string& saved = "") {
    operator_ = make_();
    if (!saved.empty()) {
      const Status restored = operator_->Restore({saved});
      ASSERT_TRUE(restored.ok()) << restored.ToString();
    }
    const Status opened = operator_->Open(context_);
    ASSERT_TRUE(opened.ok()) << opened.ToString();
  }

  std::vector<std::string> Drive(const std::function<Result<Progress>(Output&)>& call) {
    Output out(/*capacity_bytes=*/1);  // full after each batch: every call must be resumable
    std::vector<std::string> shown;
    Result<Progress> progress = call(out);
    while (true) {
      Drain(&out, &shown);
      EXPECT_TRUE(progress.ok()) << progress.status().ToString();
      if (!progress.ok() || *progress == Progress::kDone) return shown;
      progress = operator_->Continue(out);
    }
  }

  static void Drain(Output* out, std::vector<std::string>* shown) {
    while (!out->empty()) {
      const Output::Element element = out->Pop();
      if (const auto* batch = std::get_if<Batch>(&element)) {
        ShowBatch(*batch, shown);
      } else if (const auto* watermark = std::get_if<castor::Watermark>(&element)) {
        shown->push_back(ShowWatermark(watermark->time));
      } else {
        shown->push_back(std::get<castor::WatermarkStatus>(element).idle ? "idle" : "active");
      }
    }
  }

  static std::string ShowWatermark(TimestampMs time) {
    return time == kMaxWatermark ? "W(max)" : "W(" + std::to_string(time) + ")";
  }

  static void ShowBatch(const Batch& batch, std::vector<std::string>* shown) {
    std::vector<std::string> rows = ShowRows(batch);
    size_t row = 0;
    for (const WatermarkMark& mark : batch.marks) {
      EXPECT_GE(mark.row, static_cast<int32_t>(row)) << "marks out of order";
      EXPECT_LE(mark.row, batch.num_rows) << "mark behind the batch";
      for (; row < static_cast<size_t>(mark.row); ++row) shown->push_back(std::move(rows[row]));
      shown->push_back(ShowWatermark(mark.watermark));
    }
    for (; row < rows.size(); ++row) shown->push_back(std::move(rows[row]));
  }

  const Make make_;
  TestOperatorContext context_;
  std::unique_ptr<Operator> operator_;
};

}  // namespace castor
