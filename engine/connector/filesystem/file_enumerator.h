// Finds the files of a table and cuts them into splits.
//
// Visits the table's path and all directories below it, without names that begin with '.' or '_'
// (Flink's DefaultFileFilter); of a partitioned table only its partition directories. Bounded:
// once. Continuous: again at every interval, each path once; the paths seen are the enumerator's
// state.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "connector/filesystem/file_split.h"
#include "connector/filesystem/path_pattern.h"
#include "connector/filesystem/source_options.h"

namespace castor::connector::filesystem {

class FileEnumerator final : public SplitEnumerator {
 public:
  // `options` must outlive the enumerator.
  static Result<std::unique_ptr<FileEnumerator>> Make(const SourceOptions* options,
                                                      int32_t parallelism,
                                                      std::string_view restored);

  Result<Discovery> Discover() override;
  int64_t discovery_interval_ms() const override { return options_->monitor_interval_ms; }
  std::string Snapshot() const override;

 private:
  FileEnumerator(const SourceOptions* options, int32_t parallelism, PathPattern pattern)
      : options_(options), parallelism_(parallelism), pattern_(std::move(pattern)) {}

  Status Restore(std::string_view state);
  Result<std::vector<std::string>> Roots() const;
  Status FindPartitions(const std::string& directory, size_t levels,
                        std::vector<std::string>* roots) const;
  Status FindFiles(const io::FileInfo& info, std::vector<io::FileInfo>* files) const;
  Status CheckReadable(const io::FileInfo& file) const;
  void AddSplits(const std::vector<io::FileInfo>& files, std::vector<Split>* splits) const;

  const SourceOptions* const options_;
  const int32_t parallelism_;
  const PathPattern pattern_;
  bool discovered_ = false;
  std::set<std::string> seen_;  // continuous: paths handed out
};

}  // namespace castor::connector::filesystem
