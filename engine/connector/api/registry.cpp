#include "connector/api/registry.h"

#include <utility>

namespace castor::connector {
namespace {

using Factories = std::map<std::string, ConnectorFactory>;

// The names of the connectors that can do what was asked for.
std::string Names(const Factories& factories, bool sources) {
  std::string names;
  for (const auto& [name, factory] : factories) {
    if (sources ? !factory.make_source : !factory.make_sink) continue;
    names += names.empty() ? name : ", " + name;
  }
  return names;
}

// The factory of the table's connector, or an error that names the table and what there is.
Result<const ConnectorFactory*> Find(const Factories& factories, const plan::Table& table,
                                     bool source) {
  const auto option = table.options.find("connector");
  if (option == table.options.end()) {
    return Status::InvalidArgument("table " + table.identifier + " has no 'connector' option");
  }
  const auto found = factories.find(option->second);
  const std::string role = source ? "source" : "sink";
  if (found == factories.end()) {
    return Status::Unsupported("table " + table.identifier + " uses the connector '" +
                               option->second + "', which does not exist here; " + role +
                               " connectors are: " + Names(factories, source));
  }
  if (source ? !found->second.make_source : !found->second.make_sink) {
    return Status::Unsupported("table " + table.identifier + ": the connector '" + option->second +
                               "' cannot be used as a " + role + "; " + role +
                               " connectors are: " + Names(factories, source));
  }
  return &found->second;
}

}  // namespace

void ConnectorRegistry::Register(std::string identifier, ConnectorFactory factory) {
  factories_[std::move(identifier)] = std::move(factory);
}

Result<std::unique_ptr<Source>> ConnectorRegistry::MakeSource(
    const SourceArguments& arguments) const {
  CASTOR_ASSIGN_OR_RETURN(const ConnectorFactory* factory, Find(factories_, arguments.table, true));
  Result<std::unique_ptr<Source>> made = factory->make_source(arguments);
  if (!made.ok()) return made.status().WithContext("table " + arguments.table.identifier);
  return made;
}

Result<std::unique_ptr<Sink>> ConnectorRegistry::MakeSink(const SinkArguments& arguments) const {
  CASTOR_ASSIGN_OR_RETURN(const ConnectorFactory* factory,
                          Find(factories_, arguments.table, false));
  Result<std::unique_ptr<Sink>> made = factory->make_sink(arguments);
  if (!made.ok()) return made.status().WithContext("table " + arguments.table.identifier);
  return made;
}

}  // namespace castor::connector
