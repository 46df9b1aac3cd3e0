// What the hash sink keeps (spec/row-hash.md, section 1). Plain values; merge by adding.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::connector::hash {

struct HashTotals {
  uint64_t hash = 0;
  std::array<int64_t, 4> rows{};  // by RowKind
  std::vector<uint64_t> sums;     // by column of `sum-columns`, modulo 2^64

  void Add(const HashTotals& other);
  // One line of JSON; `sum_columns` are the names of `sums`.
  std::string ToJson(const std::vector<std::string>& sum_columns) const;

  std::string Serialize() const;
  // Refuses what was written for another number of sums.
  static Result<HashTotals> Deserialize(std::string_view bytes, size_t sums);
};

}  // namespace castor::connector::hash
