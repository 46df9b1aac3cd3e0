#include "gemini/store/window_scan.h"

#include <algorithm>
#include <cstring>

namespace castor::gemini {

Status WindowScan::ReadPage() {
  begin_ = end();
  records_.clear();
  bytes_.clear();
  while (bytes_.size() < kPageBytes) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, cursor_.Next());
    ended_ = !more;
    if (ended_) break;
    const Entry& entry = cursor_.entry();
    // Looked at here, where damage can be told.
    CASTOR_RETURN_NOT_OK(DecodeValue(layout_, entry.value).status());
    Record& record = records_.emplace_back();
    record.at = bytes_.size();
    WindowRow::Append(static_cast<uint32_t>(entry.position), entry.key, &bytes_);
    record.key_bytes = static_cast<uint32_t>(bytes_.size() - record.at);
    record.value_bytes = static_cast<uint32_t>(entry.value.size());
    bytes_.append(entry.value);
  }
  charge_.Set(static_cast<int64_t>(bytes_.capacity() + records_.capacity() * sizeof(Record) +
                                   records_.size() * Stride()));
  return Status::OK();
}

// Payloads have fields that are aligned, and blobs that lead to their bytes.
void WindowScan::LeaveOut(const std::function<bool(std::string_view)>& is_known) {
  std::erase_if(records_, [&](const Record& record) { return is_known(UserKeyOf(record)); });
  payloads_.resize(records_.size() * Stride());
  std::byte* at = payloads_.data();
  for (const Record& record : records_) {
    std::memcpy(&HeaderOf(at)->hash, UserKeyOf(record).data(), WindowRow::kHashBytes);
    LendValue(layout_, bytes_.data() + record.at + record.key_bytes,
              at + EntryTable::kPayloadOffset);
    at += Stride();
  }
}

EntryView WindowScan::At(uint64_t number) {
  const size_t i = number - begin_;
  return {UserKeyOf(records_[i]).substr(WindowRow::kHashBytes),
          payloads_.data() + i * Stride() + EntryTable::kPayloadOffset};
}

}  // namespace castor::gemini
