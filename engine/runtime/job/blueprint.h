// A job ready to be started any number of times: plan, graph, and the connectors of its tables, all
// checked.
//
// Everything that can be refused before anything runs is refused here, by name and place. Immutable
// once made, except that connectors make readers, writers and enumerators from it. Outlives every
// execution.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connector/api/registry.h"
#include "io/file_system.h"
#include "operator/api/registry.h"
#include "operator/api/watermark_generator.h"
#include "runtime/checkpoint/checkpoint_options.h"
#include "runtime/checkpoint/snapshot_metadata.h"
#include "runtime/graph/job_graph.h"
#include "runtime/watermark/source_watermarks.h"
#include "state/gemini_options.h"
#include "state/snapshot.h"

namespace castor::runtime {

// What the worker knows how to make. Outlives the job.
struct Registries {
  OperatorRegistry operators;
  connector::ConnectorRegistry connectors;
  const io::FileSystemRegistry* file_systems = nullptr;  // of snapshots
  WatermarkGeneratorFactory make_watermark_generator;
};

struct ScanBlueprint {
  const plan::TableSourceScan* node = nullptr;
  std::unique_ptr<connector::Source> source;
  WatermarkSettings watermarks;
  // Where bad rows go, if the table says so.
  std::unique_ptr<plan::Table> dead_letter_table;
  std::unique_ptr<connector::Sink> dead_letter_sink;
};

struct SinkBlueprint {
  const plan::Sink* node = nullptr;
  std::unique_ptr<connector::Sink> sink;
};

struct Blueprint {
  const plan::Bundle* bundle = nullptr;
  const Registries* registries = nullptr;
  Configuration configuration;
  const Clock* clock = nullptr;
  int32_t parallelism = 1;
  int32_t max_parallelism = 128;
  bool max_parallelism_set = false;  // by the user
  // Large enough that what a batch costs as a whole is small beside its rows even behind a filter
  // that leaves one row in twenty, small enough that its columns stay in a core's cache.
  int32_t batch_rows = 4096;
  int64_t buffer_timeout_ms = 100;
  CheckpointOptions checkpoints;
  state::GeminiOptions state;
  JobGraph graph;
  std::map<int32_t, ScanBlueprint> scans;  // by node id
  std::map<int32_t, SinkBlueprint> sinks;
  std::vector<OperatorRecord> operators;  // what a snapshot of this job is about

  // The operator of one subtask.
  Result<std::unique_ptr<Operator>> MakeOperator(const plan::Node& node) const;
};

// `configuration` is effective: the bundle's with the command line's on top.
Result<std::unique_ptr<Blueprint>> MakeBlueprint(const plan::Bundle& bundle,
                                                 const Registries& registries,
                                                 Configuration configuration, const Clock& clock);

}  // namespace castor::runtime
