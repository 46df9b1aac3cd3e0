#include "connector/hash/hash_totals.h"

#include <cstring>

namespace castor::connector::hash {
namespace {

constexpr const char* kKinds[4] = {"+I", "-U", "+U", "-D"};

}  // namespace

void HashTotals::Add(const HashTotals& other) {
  hash += other.hash;
  for (size_t i = 0; i < rows.size(); ++i) rows[i] += other.rows[i];
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
}

std::string HashTotals::ToJson(const std::vector<std::string>& sum_columns) const {
  std::string json = "{\"hash\":\"" + std::to_string(hash) + '"';
  for (size_t i = 0; i < rows.size(); ++i) {
    json += std::string(",\"") + kKinds[i] + "\":" + std::to_string(rows[i]);
  }
  json += ",\"sums\":{";
  for (size_t i = 0; i < sums.size(); ++i) {
    json += (i == 0 ? "\"" : ",\"") + sum_columns[i] + "\":\"" +
            std::to_string(static_cast<int64_t>(sums[i])) + '"';
  }
  return json + "}}";
}

// 64-bit little-endian numbers: hash, rows by kind, sums.
std::string HashTotals::Serialize() const {
  std::string bytes;
  const auto append = [&](const void* number) {
    bytes.append(static_cast<const char*>(number), sizeof(uint64_t));
  };
  append(&hash);
  for (const int64_t& count : rows) append(&count);
  for (const uint64_t& sum : sums) append(&sum);
  return bytes;
}

Result<HashTotals> HashTotals::Deserialize(std::string_view bytes, size_t sums) {
  HashTotals totals;
  totals.sums.resize(sums);
  if (bytes.size() != (1 + totals.rows.size() + sums) * sizeof(uint64_t)) {
    return Status::Incompatible(
        "hash: the snapshot was written with other sum-columns; keep them as they were");
  }
  std::memcpy(&totals.hash, bytes.data(), 8);
  std::memcpy(totals.rows.data(), bytes.data() + 8, 8 * totals.rows.size());
  if (sums > 0) {
    std::memcpy(totals.sums.data(), bytes.data() + 8 + 8 * totals.rows.size(), 8 * sums);
  }
  return totals;
}

}  // namespace castor::connector::hash
