// What a source connector implements, after Flink's FLIP-27: an enumerator that finds splits and
// one reader per source subtask that reads them.
//
// Source and its enumerator: one per scan; SplitEnumerator is called by one thread at a time (an
// I/O thread) and may block. SourceReader: owned by one subtask, never blocks: `Poll` answers
// kPending and promises to call the waker when it is worth asking again (a library that blocks runs
// on the I/O pool behind an adapter). Positions live in the splits: what `SnapshotSplits` returns
// at a barrier is all that a restored reader needs to go on without losing or doubling a row.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/configuration.h"
#include "base/metrics.h"
#include "base/status.h"
#include "column/batch.h"
#include "plan/table.h"

namespace castor::connector {

// A part of the input with the position reached in it. `state` is the connector's own encoding.
struct Split {
  std::string id;
  std::string state;
};

struct Discovery {
  std::vector<Split> splits;  // new since the last call (or since the restored state)
  bool finished = false;      // no more will come: bounded input, all found
};

class SplitEnumerator {
 public:
  virtual ~SplitEnumerator() = default;
  virtual Result<Discovery> Discover() = 0;
  // How long to wait before `Discover` is called again when it has not finished.
  virtual int64_t discovery_interval_ms() const { return 10'000; }
  // What has been discovered so far, so that a restored enumerator finds only what is new.
  virtual std::string Snapshot() const = 0;
};

enum class PollState : uint8_t {
  kBatch,     // `batch` holds rows
  kPending,   // nothing now; the waker will be called (or `retry_at_ms` has come)
  kFinished,  // all splits given so far are read to their ends
};

// A record that could not be read. Under `castor.bad-rows` = dead-letter the reader hands these to
// the runtime, which writes them to the dead-letter table under the same checkpoint as the good
// rows.
struct BadRow {
  std::string error;   // what is wrong, naming the field
  std::string origin;  // where it stands: file and line, partition and offset
  std::string record;  // its bytes
};

struct PollResult {
  PollState state = PollState::kPending;
  Batch batch;                   // of the produced type
  std::vector<BadRow> bad_rows;  // to the dead letters
  int64_t skipped_rows = 0;      // bad ones that nobody wants to see; they are counted
  std::string split_id;          // where the batch comes from (a batch never mixes splits)
  bool split_finished = false;   // this was the split's last batch
  TimestampMs retry_at_ms = kMaxWatermark;  // with kPending: poll again then even without a wake
};

struct ReaderContext {
  int32_t subtask = 0;
  int32_t parallelism = 1;
  int32_t batch_rows = 1024;
  const Clock* clock = nullptr;
  MetricGroup* metrics = nullptr;
  std::function<void()> waker;  // thread-safe
};

class SourceReader {
 public:
  virtual ~SourceReader() = default;
  virtual Status Open(const ReaderContext& context) = 0;
  virtual Status AddSplits(std::vector<Split> splits) = 0;
  virtual Result<PollResult> Poll() = 0;
  // Unfinished splits with their positions after the last polled batch.
  virtual Result<std::vector<Split>> SnapshotSplits() = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual bool bounded() const = 0;
  // `parallelism` lets generators cut their work; `restored` is a former Snapshot, or empty at a
  // fresh start.
  virtual Result<std::unique_ptr<SplitEnumerator>> MakeEnumerator(int32_t parallelism,
                                                                  std::string_view restored) = 0;
  virtual Result<std::unique_ptr<SourceReader>> MakeReader() = 0;
  // True: a reader gets its next split when it has finished the last one (files). False: readers
  // get all splits at once, in turn, and read theirs side by side (partitions of a log).
  virtual bool splits_on_demand() const { return bounded(); }
};

struct SourceArguments {
  const plan::Table& table;
  const plan::ScanAbilities& abilities;
  const Configuration& configuration;
};

}  // namespace castor::connector
