// Writes one run: sections in ascending order, in each the entries in order, then `Finish`.
//
// Values of `separate_from` bytes and more go to value files, of which the writer asks for as many
// as it needs; entries whose value stands apart already keep it where it is (`Carry`).
//
// What it writes is durable after Finish has synced the file; making its name durable is the
// caller's. Memory: some blocks, and of the section at hand index (32 bytes a block) and filter, or
// as long as the size of that is not known hashes for it (8 bytes an entry), which are charged to
// the state account. Not thread-safe; any thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/memory_charge.h"
#include "base/status.h"
#include "gemini/run/block.h"
#include "gemini/run/block_codec.h"
#include "gemini/run/bloom_filter.h"
#include "gemini/run/entry.h"
#include "gemini/run/run_format.h"
#include "gemini/run/value_file.h"
#include "gemini/run/value_sizes.h"
#include "io/file_system.h"

namespace castor::gemini {

struct RunWriterOptions {
  uint32_t key_groups = 128;
  size_t block_bytes = 8 * 1024;  // a block is closed when it has so many; one entry may be more
  double filter_bits_per_key = 10.5;
  uint32_t separate_from = 0;                      // 0: no value stands apart
  uint64_t value_file_bytes = uint64_t{64} << 20;  // a value file is ended when it has so many
  // A section begins another value file if the one at hand has so many: what is dropped together is
  // in files of its own.
  uint64_t section_file_bytes = uint64_t{4} << 20;
  Codec codec = Codec::kNone;  // of blocks, where it pays
};

class RunWriter {
 public:
  // `file` is new and empty, and so are those that `new_value_file` gives.
  RunWriter(std::unique_ptr<io::WritableFile> file, RunWriterOptions options,
            ValueWriter::NewFile new_value_file = nullptr);

  // Sections and entries out of order are kInternal. `filter_bytes`: of a filter that has room for
  // what will be added; 0: not known. What turns out to be too large by half is folded.
  Status BeginSection(SectionId id, uint64_t filter_bytes = 0);
  // Of an entry whose value stands apart the pointer's file is a number that Carry has given.
  Status Add(const Entry& entry);
  // The number in this run's list of a file to which entries of other runs point.
  uint32_t Carry(const std::shared_ptr<ValueFile>& values);
  // Ends, syncs and closes all files. The footer is what a reader will find.
  Result<RunFooter> Finish();
  // Ends all files, which can be read then, and gives them away to be synced and closed: the run,
  // then its new value files.
  Result<std::vector<std::unique_ptr<io::WritableFile>>> FinishUnsynced();

  // The run's list of value files, nullptr for those that are new.
  const std::vector<std::shared_ptr<ValueFile>>& carried() const { return carried_; }

  // Of all sections, once it has ended: what SortedRun::ReadFilters would read.
  std::vector<BloomFilter> TakeFilters() { return std::move(filters_); }

  // Of all puts so far, wherever their values stand.
  const ValueSizes& value_sizes() const { return value_sizes_; }
  // Of blocks and of values apart, before they were compressed.
  uint64_t bytes_before_codec() const { return bytes_before_codec_; }
  uint64_t bytes_written() const {
    return static_cast<uint64_t>(file_->size()) + unwritten_.size();
  }

 private:
  // The entry as it stands in the run.
  Status AddAsIs(const Entry& entry);
  Result<ValuePointer> Separate(std::string_view value);
  Status CheckOrder(const Entry& entry);
  void Remember(const Entry& entry);
  void AddToFilter(uint64_t hash);
  Status CloseBlock();
  void Charge();
  Status CloseSection();
  Status End();
  Result<Extent> Append(std::string_view bytes);
  Status Flush();
  SectionInfo& section() { return footer_.sections.back(); }

  std::unique_ptr<io::WritableFile> file_;
  std::string unwritten_;  // what comes next in the file: blocks are small for a call each
  const RunWriterOptions options_;
  RunFooter footer_;
  ValueWriter values_;
  ValueSizes value_sizes_;
  uint64_t bytes_before_codec_ = 0;
  std::vector<std::shared_ptr<ValueFile>> carried_;
  std::map<const ValueFile*, uint32_t> numbers_;  // of those carried
  std::vector<uint32_t> new_numbers_;             // of those that values_ writes

  // Of the section at hand, the last of the footer.
  BlockBuilder block_;
  BlockCompressor compressor_;
  std::string compressed_;
  Position block_first_ = 0;
  BlockIndex index_;
  std::map<uint32_t, uint64_t> shares_;  // bytes by value file
  uint64_t filter_keys_ = 0;
  std::optional<BloomFilter> filter_;   // if its size was known
  std::array<uint64_t, 16> waiting_{};  // hashes whose cache lines are on their way
  std::vector<uint64_t, PageAllocator<uint64_t>> filter_hashes_;  // if not
  std::vector<BloomFilter> filters_;                              // of sections before
  uint64_t filters_bytes_ = 0;
  MemoryCharge charge_;  // of index, filters and hashes
  // The entry before, to see that the order holds; its views are into the two strings.
  std::optional<Entry> last_;
  std::string last_key_;
  std::string last_user_key_;
};

}  // namespace castor::gemini
