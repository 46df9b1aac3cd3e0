// From the `connector` option to an implementation: filled by the worker, one line per connector.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "connector/api/sink.h"
#include "connector/api/source.h"

namespace castor::connector {

struct ConnectorFactory {
  std::function<Result<std::unique_ptr<Source>>(const SourceArguments&)> make_source;  // or empty
  std::function<Result<std::unique_ptr<Sink>>(const SinkArguments&)> make_sink;        // or empty
};

class ConnectorRegistry {
 public:
  void Register(std::string identifier, ConnectorFactory factory);
  // Errors name the table, the connector and those that exist.
  Result<std::unique_ptr<Source>> MakeSource(const SourceArguments& arguments) const;
  Result<std::unique_ptr<Sink>> MakeSink(const SinkArguments& arguments) const;

 private:
  std::map<std::string, ConnectorFactory> factories_;
};

}  // namespace castor::connector
