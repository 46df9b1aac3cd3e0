#include "connector/blackhole/blackhole_sink.h"

#include <utility>

namespace castor::connector::blackhole {
namespace {

class BlackholeWriter final : public SinkWriter {
 public:
  Status Open(const WriterContext&) override { return Status::OK(); }
  Status Write(const Batch&) override { return Status::OK(); }
  Result<std::vector<std::string>> PrepareCommit() override { return std::vector<std::string>(); }
};

class BlackholeSink final : public Sink {
 public:
  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    return std::unique_ptr<SinkWriter>(std::make_unique<BlackholeWriter>());
  }
};

}  // namespace

void RegisterBlackhole(ConnectorRegistry* registry) {
  ConnectorFactory factory;
  factory.make_sink = [](const SinkArguments&) -> Result<std::unique_ptr<Sink>> {
    return std::unique_ptr<Sink>(std::make_unique<BlackholeSink>());
  };
  registry->Register("blackhole", std::move(factory));
}

}  // namespace castor::connector::blackhole
