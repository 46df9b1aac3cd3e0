#include "operator/window_aggregate/window_names.h"

#include <string_view>
#include <vector>

namespace castor::window_aggregate {

void NameWindows(const state::KeyBatch& keys, std::span<const TimestampMs> windows,
                 state::KeyBatch* named) {
  named->rows = EncodedRows();
  named->rows.count = keys.count();
  named->rows.offsets.push_back(0);
  named->hashes = keys.hashes;
  for (int32_t i = 0; i < keys.count(); ++i) {
    const std::string_view key = keys.key(i);
    const auto* window = reinterpret_cast<const char*>(&windows[static_cast<size_t>(i)]);
    std::vector<char>& bytes = named->rows.bytes;
    bytes.insert(bytes.end(), key.begin(), key.end());
    bytes.insert(bytes.end(), window, window + sizeof(TimestampMs));
    named->rows.offsets.push_back(static_cast<uint32_t>(bytes.size()));
  }
}

}  // namespace castor::window_aggregate
