// Writes one run: sections in ascending order, in each the entries in order, then `Finish`.
//
// What it writes is durable after Finish has synced the file; making its name durable is the
// caller's. Memory: one block, and of the section at hand index (32 bytes a block) and filter, or
// as long as the size of that is not known hashes for it (8 bytes an entry). Not thread-safe; any
// thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "gemini/run/block.h"
#include "gemini/run/bloom_filter.h"
#include "gemini/run/entry.h"
#include "gemini/run/run_format.h"
#include "io/file_system.h"

namespace castor::gemini {

struct RunWriterOptions {
  uint32_t key_groups = 128;
  size_t block_bytes = 8 * 1024;  // a block is closed when it has so many; one entry may be more
  double filter_bits_per_key = 10.5;
};

class RunWriter {
 public:
  // `file` is new and empty.
  RunWriter(std::unique_ptr<io::WritableFile> file, RunWriterOptions options);

  // Sections and entries out of order are kInternal. `filter_bytes`: of a filter that has room for
  // what will be added; 0: not known. What turns out to be too large by half is folded.
  Status BeginSection(SectionId id, uint64_t filter_bytes = 0);
  Status Add(const Entry& entry);
  // Ends, syncs and closes the file. The footer is what a reader will find.
  Result<RunFooter> Finish();
  // Ends the file, which can be read then, and gives it away to be synced and closed.
  Result<std::unique_ptr<io::WritableFile>> FinishUnsynced();

  uint64_t bytes_written() const { return static_cast<uint64_t>(file_->size()); }

 private:
  Status CheckOrder(const Entry& entry);
  void Remember(const Entry& entry);
  void AddToFilter(uint64_t hash);
  Status CloseBlock();
  Status CloseSection();
  Status End();
  Result<Extent> Append(std::string_view bytes);
  SectionInfo& section() { return footer_.sections.back(); }

  std::unique_ptr<io::WritableFile> file_;
  const RunWriterOptions options_;
  RunFooter footer_;

  // Of the section at hand, the last of the footer.
  BlockBuilder block_;
  Position block_first_ = 0;
  std::vector<BlockHandle> index_;
  uint64_t filter_keys_ = 0;
  std::optional<BloomFilter> filter_;    // if its size was known
  std::vector<uint64_t> filter_hashes_;  // if not
  // The entry before, to see that the order holds; its views are into the two strings.
  std::optional<Entry> last_;
  std::string last_key_;
  std::string last_user_key_;
};

}  // namespace castor::gemini
