// What a writer's snapshot holds: the partitions it has not seen committed, and the part files that
// it keeps open. JSON; a snapshot without `parts` is one of a version that kept none open.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connector/filesystem/part_file.h"
#include "connector/filesystem/partition_commit.h"

namespace castor::connector::filesystem {

struct WriterState {
  PartitionReport report;
  std::vector<ResumablePart> parts;

  std::string ToText() const;
  static Result<WriterState> FromText(std::string_view text);
};

}  // namespace castor::connector::filesystem
