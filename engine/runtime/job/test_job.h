// A hand-made plan for tests of the runtime: numbers -> [exchange by key -> running count] ->
// committed rows.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/job/job.h"
#include "runtime/job/test_tables.h"
#include "state/keys.h"

namespace castor::runtime::test {

// Says whether the operator should fail now; shared by all instances.
using FailureSwitch = std::function<bool()>;

// (key, value) -> (key, how many rows of the key there have been), with keyed state.
class RunningCount final : public Operator {
 public:
  RunningCount(LogicalType row, FailureSwitch fails)
      : encoder_(row, {0}), fails_(std::move(fails)) {}

  Status Open(OperatorContext& context) override {
    state::StateDescriptor descriptor;
    descriptor.name = "count";
    descriptor.layout.fixed_size = 16;
    descriptor.schema = "BIGINT";
    CASTOR_ASSIGN_OR_RETURN(counts_, context.state().OpenValue(descriptor));
    return Status::OK();
  }
  Result<Progress> Process(int, Batch batch, Output& out) override {
    if (fails_ && fails_()) return Status::IoError("the test says so");
    batch_ = std::move(batch);
    encoder_.Encode(batch_, &keys_);
    records_.resize(static_cast<size_t>(batch_.num_rows));
    return Continue(out);
  }
  Result<Progress> Continue(Output& out) override {
    CASTOR_ASSIGN_OR_RETURN(
        const auto ready,
        counts_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
    if (ready == state::Readiness::kPending) return Progress::kPending;
    auto counts = Column::MakeFlat(LogicalType::BigInt(false), batch_.num_rows);
    for (int32_t i = 0; i < batch_.num_rows; ++i) {
      auto* count = reinterpret_cast<int64_t*>(records_[static_cast<size_t>(i)]);
      counts->mutable_values<int64_t>()[i] = ++*count;
    }
    counts_->Release();
    batch_.columns[1] = std::move(counts);
    out.Emit(std::move(batch_));
    return Progress::kDone;
  }

 private:
  const state::KeyEncoder encoder_;
  const FailureSwitch fails_;
  state::ValueState* counts_ = nullptr;
  Batch batch_;  // at hand
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
};

// Passes everything on.
class PassOn final : public Operator {
 public:
  Status Open(OperatorContext&) override { return Status::OK(); }
  Result<Progress> Process(int, Batch batch, Output& out) override {
    out.Emit(std::move(batch));
    return Progress::kDone;
  }
};

struct TestJob {
  plan::Bundle bundle;
  io::FileSystemRegistry file_systems;
  Registries registries;
  Committed committed;
  FailureSwitch fails;
  Configuration configuration;

  // `counting`: with the exchange and the operator that keeps state.
  explicit TestJob(bool counting = true) {
    auto scan = Node<plan::TableSourceScan>("stream-exec-table-source-scan", {});
    scan->table.identifier = "numbers";
    scan->table.options["connector"] = "numbers";
    scan->abilities.produced_type = NumbersRow();
    Add(std::move(scan));
    if (counting) {
      auto exchange = Node<plan::Node>("stream-exec-exchange", {1});
      exchange->required_distributions = {{plan::Distribution::Kind::kHash, {0}}};
      Add(std::move(exchange));
      Add(Node<plan::Node>("test-count", {2}));
    }
    auto sink =
        Node<plan::Sink>("stream-exec-sink", {static_cast<int32_t>(bundle.graph.nodes.size())});
    sink->table.identifier = "committed";
    sink->table.options["connector"] = "committed";
    sink->input_changelog_mode = {"INSERT"};
    Add(std::move(sink));
    Register();
  }

  plan::TableSourceScan& scan() {
    return static_cast<plan::TableSourceScan&>(*bundle.graph.nodes.front());
  }

  Result<std::unique_ptr<Blueprint>> MakeBlueprint(const Clock& clock = Clock::System()) {
    return runtime::MakeBlueprint(bundle, registries, configuration, clock);
  }

  template <typename T>
  std::unique_ptr<T> Node(std::string type, std::vector<int32_t> inputs) {
    auto node = std::make_unique<T>();
    node->id = static_cast<int32_t>(bundle.graph.nodes.size()) + 1;
    node->type = std::move(type);
    node->inputs = std::move(inputs);
    node->output_type = NumbersRow();
    node->uid = node->type + "-" + std::to_string(node->id);
    node->description = node->type;
    return node;
  }
  void Add(plan::NodePtr node) { bundle.graph.nodes.push_back(std::move(node)); }

 private:
  void Register() {
    registries.file_systems = &file_systems;
    registries.connectors.Register(
        "numbers",
        {[](const connector::SourceArguments& a) -> Result<std::unique_ptr<connector::Source>> {
           return std::unique_ptr<connector::Source>(std::make_unique<NumbersSource>(a.table));
         },
         nullptr});
    registries.connectors.Register(
        "committed",
        {nullptr,
         [this](const connector::SinkArguments&) -> Result<std::unique_ptr<connector::Sink>> {
           return std::unique_ptr<connector::Sink>(std::make_unique<CommittedSink>(&committed));
         }});
    registries.operators.Register(
        "test-count", [this](const OperatorArguments& a) -> Result<std::unique_ptr<Operator>> {
          return std::unique_ptr<Operator>(std::make_unique<RunningCount>(
              a.input_types[0], [this] { return fails && fails(); }));
        });
    for (const char* type : {"stream-exec-sink", "test-pass"}) {
      registries.operators.Register(
          type, [](const OperatorArguments&) -> Result<std::unique_ptr<Operator>> {
            return std::unique_ptr<Operator>(std::make_unique<PassOn>());
          });
    }
  }
};

// Each of the `keys` keys exactly once with each count, for `count` numbers.
inline Committed::Rows ExpectedCounts(int64_t count, int64_t keys) {
  Committed::Rows rows;
  for (int64_t key = 0; key < keys; ++key) {
    const int64_t of_key = count / keys + (key < count % keys ? 1 : 0);
    for (int64_t i = 1; i <= of_key; ++i) rows.emplace_back(key, i);
  }
  return rows;
}

}  // namespace castor::runtime::test
