#include "state/read_records.h"

#include "state/state_schema.h"

namespace castor::state {

ReadRecords::ReadRecords(const StateDescriptor& descriptor, const ReportMisuse* report)
    : state_(descriptor.name), layout_(TableLayoutOf(descriptor.layout)), report_(report) {}

void ReadRecords::Loaded(std::byte* record, AccessMode mode) {
  if (record == nullptr || layout_.payload_bytes == 0) return;
  if (mode == AccessMode::kRead) {
    if (!writable_.contains(record)) read_.try_emplace(record, ImageOf(record));
    return;
  }
  writable_.insert(record);
  const auto read = read_.find(record);
  if (read == read_.end()) return;
  Compare(*read);
  read_.erase(read);
}

void ReadRecords::Write(const Blob* blob) {
  const auto* const at = reinterpret_cast<const std::byte*>(blob);
  auto read = read_.upper_bound(at);
  if (read == read_.begin() || at >= (--read)->first + layout_.payload_bytes) return;
  (*report_)("state '" + state_ + "': bytes of a record that was loaded to be read are set");
  read_.erase(read);
}

void ReadRecords::Forget() {
  for (const Images::value_type& read : read_) Compare(read);
  read_.clear();
  writable_.clear();
}

std::string_view ReadRecords::ImageOf(const std::byte* record) {
  return gemini::EncodeValue(layout_, record, &scratch_);
}

void ReadRecords::Compare(const Images::value_type& read) {
  if (ImageOf(read.first) == read.second) return;
  (*report_)("state '" + state_ + "': a record that was loaded to be read has been written to");
}

}  // namespace castor::state
