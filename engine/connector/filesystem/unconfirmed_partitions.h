// The partitions that a writer has written to and that are not known to be committed: its state.
//
// A partition stays until it was reported with all its rows and its success file is younger than
// they are; rows that come late bring it back. One thread.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "connector/filesystem/sink_options.h"

namespace castor::connector::filesystem {

// The success file of a partition.
std::string SuccessFile(const SinkOptions& options, const std::string& partition);

class UnconfirmedPartitions {
 public:
  // Rows were written at `now`.
  void Touch(const std::string& partition, TimestampMs now);
  // To be told the committer: partitions and when they were first written to.
  std::map<std::string, TimestampMs> Report();
  void DropConfirmed(const SinkOptions& options);
  bool empty() const { return partitions_.empty(); }

 private:
  struct Entry {
    TimestampMs created;
    TimestampMs last_write;
    bool reported = false;  // with the rows of `last_write`
  };
  std::map<std::string, Entry> partitions_;
};

}  // namespace castor::connector::filesystem
