#include "gemini/run/run_writer.h"

#include <algorithm>
#include <utility>

#include "gemini/run/bloom_filter.h"
#include "io/checksum.h"

namespace castor::gemini {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;

}  // namespace

RunWriter::RunWriter(std::unique_ptr<io::WritableFile> file, RunWriterOptions options,
                     ValueWriter::NewFile new_value_file)
    : file_(std::move(file)),
      options_(options),
      values_(std::move(new_value_file), options.value_file_bytes, WithoutDeltas(options.codec)),
      compressor_(options.codec) {
  footer_.key_groups = options_.key_groups;
}

Status RunWriter::BeginSection(SectionId id, uint64_t filter_bytes) {
  if (!footer_.sections.empty()) {
    if (id <= section().id) return Status::Internal("sections of a run are out of order");
    CASTOR_RETURN_NOT_OK(CloseSection());
    CASTOR_RETURN_NOT_OK(values_.EndFrom(options_.section_file_bytes));
  }
  footer_.sections.emplace_back().id = id;
  filter_.reset();
  if (filter_bytes > 0) filter_ = BloomFilter::OfBytes(filter_bytes);
  filter_keys_ = 0;
  Charge();
  return Status::OK();
}

uint32_t RunWriter::Carry(const std::shared_ptr<ValueFile>& values) {
  const auto [at, is_new] =
      numbers_.emplace(values.get(), static_cast<uint32_t>(footer_.values.size()));
  if (is_new) {
    footer_.values.push_back(values->info());
    carried_.push_back(values);
  }
  return at->second;
}

// What a new file holds is known at the end.
Result<ValuePointer> RunWriter::Separate(std::string_view value) {
  CASTOR_ASSIGN_OR_RETURN(ValuePointer pointer, values_.Add(value));
  bytes_before_codec_ += value.size();
  if (pointer.file == new_numbers_.size()) {
    new_numbers_.push_back(static_cast<uint32_t>(footer_.values.size()));
    footer_.values.emplace_back();
    carried_.emplace_back();
  }
  pointer.file = new_numbers_[pointer.file] & ValuePointer::kMostFiles;
  return pointer;
}

Status RunWriter::Add(const Entry& entry) {
  const bool large = options_.separate_from > 0 && entry.value.size() >= options_.separate_from;
  if (!large || entry.apart) return AddAsIs(entry);
  CASTOR_ASSIGN_OR_RETURN(const ValuePointer pointer, Separate(entry.value));
  Entry pointing = entry;
  pointing.value = pointer.Encoded();
  pointing.apart = true;
  return AddAsIs(pointing);
}

Status RunWriter::AddAsIs(const Entry& entry) {
  if (footer_.sections.empty()) return Status::Internal("an entry of a run is in no section");
  CASTOR_RETURN_NOT_OK(CheckOrder(entry));
  Remember(entry);
  if (section().entries++ == 0) section().first = entry.position;
  section().last = entry.position;
  if (entry.time != 0) {
    const bool first = section().max_time == 0;
    section().min_time = first ? entry.time : std::min(section().min_time, entry.time);
    section().max_time = first ? entry.time : std::max(section().max_time, entry.time);
  }
  if (entry.apart) {
    const ValuePointer pointer = ValuePointer::Decode(entry.value);
    shares_[pointer.file] += pointer.bytes;
    value_sizes_.Add(pointer.bytes);
  } else if (entry.kind == EntryKind::kPut) {
    value_sizes_.Add(static_cast<uint32_t>(entry.value.size()));
  }
  section().has_clears |= entry.kind == EntryKind::kClear;
  if (block_.empty()) block_first_ = entry.position;
  block_.Add(entry);
  return block_.byte_size() < options_.block_bytes ? Status::OK() : CloseBlock();
}

Status RunWriter::CheckOrder(const Entry& entry) {
  if (last_ && Compare(*last_, entry) >= 0) {
    return Status::Internal("entries of a run are out of order");
  }
  return Status::OK();
}

// A probe for any entry of a key asks for the key alone, one for an entry of a map for both.
void RunWriter::Remember(const Entry& entry) {
  const auto hash = static_cast<uint32_t>(entry.position);
  if (!last_ || !SameKey(*last_, entry)) AddToFilter(FilterHash(hash));
  if (!entry.user_key.empty()) AddToFilter(FilterHash(hash, entry.user_key));
  last_key_ = entry.key;
  last_user_key_ = entry.user_key;
  last_ = entry;
  last_->key = last_key_;
  last_->user_key = last_user_key_;
}

void RunWriter::AddToFilter(uint64_t hash) {
  if (filter_) {
    filter_->Prefetch(hash);
    uint64_t& waiting = waiting_[filter_keys_ % waiting_.size()];
    if (filter_keys_ >= waiting_.size()) filter_->Add(waiting);
    waiting = hash;
  } else {
    filter_hashes_.push_back(hash);
  }
  ++filter_keys_;
}

Status RunWriter::CloseBlock() {
  if (block_.empty()) return Status::OK();
  const std::string block = block_.Finish();
  bytes_before_codec_ += block.size();
  Codec used = Codec::kNone;
  CASTOR_ASSIGN_OR_RETURN(const Extent extent,
                          Append(compressor_.Compress(block, &compressed_, &used)));
  BlockHandle& handle = index_.emplace_back();
  handle.first = block_first_;
  handle.offset = extent.offset;
  handle.stored_bytes = static_cast<uint32_t>(extent.bytes);
  handle.codec = static_cast<uint32_t>(used);
  handle.checksum = extent.checksum;
  Charge();
  return Status::OK();
}

void RunWriter::Charge() {
  charge_.Set(static_cast<int64_t>(filters_bytes_ + (filter_ ? filter_->byte_size() : 0) +
                                   filter_hashes_.capacity() * sizeof(filter_hashes_[0]) +
                                   index_.capacity() * sizeof(index_[0])));
}

Status RunWriter::CloseSection() {
  CASTOR_RETURN_NOT_OK(CloseBlock());
  if (filter_) {
    for (size_t i = 0; i < std::min<uint64_t>(filter_keys_, waiting_.size()); ++i) {
      filter_->Add(waiting_[i]);
    }
    filter_->Fold(filter_keys_, options_.filter_bits_per_key);
  } else {
    filter_.emplace(filter_hashes_.size(), options_.filter_bits_per_key);
    for (const uint64_t hash : filter_hashes_) filter_->Add(hash);
  }
  Charge();
  CASTOR_ASSIGN_OR_RETURN(section().filter, Append(filter_->Bytes()));
  CASTOR_ASSIGN_OR_RETURN(section().index, Append({reinterpret_cast<const char*>(index_.data()),
                                                   index_.size() * sizeof(BlockHandle)}));
  for (const auto& [file, bytes] : shares_) section().values.push_back({file, bytes});
  shares_.clear();
  filters_bytes_ += filter_->byte_size();
  filters_.push_back(*std::exchange(filter_, std::nullopt));
  filter_hashes_.clear();
  index_.clear();
  last_.reset();
  return Status::OK();
}

Result<Extent> RunWriter::Append(std::string_view bytes) {
  const Extent extent{bytes_written(), bytes.size(), io::Checksum(bytes)};
  if (unwritten_.size() + bytes.size() > kBufferBytes) CASTOR_RETURN_NOT_OK(Flush());
  if (bytes.size() >= kBufferBytes) {  // a filter may be large: no copy of it
    CASTOR_RETURN_NOT_OK(file_->Append(bytes));
  } else {
    unwritten_.append(bytes);
  }
  return extent;
}

Status RunWriter::Flush() {
  CASTOR_RETURN_NOT_OK(file_->Append(unwritten_));
  unwritten_.clear();
  return Status::OK();
}

Status RunWriter::End() {
  if (!footer_.sections.empty()) CASTOR_RETURN_NOT_OK(CloseSection());
  CASTOR_RETURN_NOT_OK(values_.End());
  if (footer_.values.size() > ValuePointer::kMostFiles) {
    return Status::ResourceExhausted("a run points to more value files than it can number");
  }
  for (size_t i = 0; i < new_numbers_.size(); ++i) {
    footer_.values[new_numbers_[i]] = values_.infos()[i];
  }
  CASTOR_ASSIGN_OR_RETURN(const Extent extent, Append(EncodeFooter(footer_)));
  unwritten_.append(EncodeTrailer(extent));
  return Flush();
}

Result<std::vector<std::unique_ptr<io::WritableFile>>> RunWriter::FinishUnsynced() {
  CASTOR_RETURN_NOT_OK(End());
  std::vector<std::unique_ptr<io::WritableFile>> files = values_.TakeFiles();
  files.insert(files.begin(), std::move(file_));
  return files;
}

Result<RunFooter> RunWriter::Finish() {
  CASTOR_ASSIGN_OR_RETURN(const auto files, FinishUnsynced());
  for (const std::unique_ptr<io::WritableFile>& file : files) {
    CASTOR_RETURN_NOT_OK(file->Sync());
    CASTOR_RETURN_NOT_OK(file->Close());
  }
  return std::move(footer_);
}

}  // namespace castor::gemini
