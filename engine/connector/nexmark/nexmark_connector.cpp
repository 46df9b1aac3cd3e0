#include "connector/nexmark/nexmark_connector.h"

#include <utility>

#include "connector/nexmark/nexmark_reader.h"

namespace castor::connector::nexmark {
namespace {

class Enumerator final : public SplitEnumerator {
 public:
  explicit Enumerator(std::vector<Split> splits) : splits_(std::move(splits)) {}

  Result<Discovery> Discover() override { return Discovery{std::exchange(splits_, {}), true}; }
  // All splits are handed out at the first call; from then on they live in the readers.
  std::string Snapshot() const override { return "discovered"; }

 private:
  std::vector<Split> splits_;
};

class NexmarkSource final : public Source {
 public:
  NexmarkSource(const Options& options, LogicalType produced_type)
      : options_(options),
        produced_type_(std::move(produced_type)),
        texts_(EventGenerator::MakeTexts(options)) {}

  bool bounded() const override {
    return !options_.keep_alive && options_.last_event != Options::kEndless;
  }
  // A reader merges its splits by event time, so it must have all of them.
  bool splits_on_demand() const override { return false; }

  Result<std::unique_ptr<SplitEnumerator>> MakeEnumerator(int32_t parallelism,
                                                          std::string_view restored) override {
    return std::unique_ptr<SplitEnumerator>(std::make_unique<Enumerator>(
        restored.empty() ? InitialSplits(parallelism) : std::vector<Split>()));
  }

  Result<std::unique_ptr<SourceReader>> MakeReader() override {
    return std::unique_ptr<SourceReader>(
        std::make_unique<NexmarkReader>(options_, texts_, produced_type_));
  }

 private:
  const Options options_;
  const LogicalType produced_type_;
  const std::shared_ptr<const FixedTexts> texts_;
};

Result<std::unique_ptr<Source>> MakeSource(const SourceArguments& arguments) {
  const LogicalType& type = arguments.abilities.produced_type;
  if (!type.SameLayout(EventType())) {
    return Status::InvalidArgument("nexmark: table " + arguments.table.identifier +
                                   " must have the columns of " + EventType().ToString() +
                                   ", but has " + type.ToString());
  }
  Result<Options> options = Options::Parse(arguments.table.options);
  if (!options.ok()) {
    return options.status().WithContext("table " + arguments.table.identifier);
  }
  return std::unique_ptr<Source>(std::make_unique<NexmarkSource>(*options, type));
}

}  // namespace

ConnectorFactory NexmarkConnector() { return {MakeSource, {}}; }

}  // namespace castor::connector::nexmark
