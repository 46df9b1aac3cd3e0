// Job bundles by what they were made from, so that a script that has not changed is not planned
// again.
//
// A folder of files; several commands may use it at once. Files that were not used for longest go
// when it has grown beyond its bound. A failing cache is an empty one: errors are not reported.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace castor::cli {

class BundleCache {
 public:
  static constexpr int64_t kMaxBytes = int64_t{64} << 20;

  explicit BundleCache(std::string folder, int64_t max_bytes = kMaxBytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}

  // The path of the bundle with that key.
  std::optional<std::string> Find(const std::string& key) const;
  std::optional<std::string> Put(const std::string& key, const std::string& bundle) const;

 private:
  std::string PathOf(const std::string& key) const { return folder_ + "/" + key + ".json"; }
  void Shrink() const;

  const std::string folder_;
  const int64_t max_bytes_;
};

}  // namespace castor::cli
