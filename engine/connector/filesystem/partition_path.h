// Partition directories: "k=v/k2=v2/" as Flink's PartitionPathUtils escapes, reads and types them.
//
// A PartitionSpec lists key and value in the order of the table's partition keys; a NULL value is
// an absent optional. Free functions, thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "column/column.h"

namespace castor::connector::filesystem {

using PartitionSpec = std::vector<std::pair<std::string, std::optional<std::string>>>;

// With a slash behind each directory; empty for an empty spec. NULL and "" become `default_name`.
std::string PartitionPath(const PartitionSpec& spec, std::string_view default_name);

// Key and value of each partition directory of `path`, in order.
std::vector<std::pair<std::string, std::string>> ReadPartitionLevels(std::string_view path);
// The same by key; a key without a directory is absent.
std::map<std::string, std::string> ReadPartitionPath(std::string_view path);

// A column of one row holding the value of `text` as Flink converts it; absent text is NULL.
// Errors name the type that cannot be a partition key, or the text that does not fit.
Result<ColumnPtr> PartitionValue(const std::optional<std::string>& text, const LogicalType& type);

// What Flink's partition computer makes of a value: the internal form's toString (a DATE is its day
// number). Absent for NULL.
std::optional<std::string> PartitionText(const Column& column, int32_t row);

}  // namespace castor::connector::filesystem
