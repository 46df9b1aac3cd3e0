#include "gemini/tier/run_set.h"

#include <algorithm>
#include <set>

namespace castor::gemini {
namespace {

// The block in which `sought` stands if the run has it. Blocks that begin with the same position,
// as those of a large map do, are told apart by their first entries.
Result<std::optional<Block>> BlockOf(const SortedRun& run, const SortedRun::Section& section,
                                     const Entry& sought) {
  size_t low = section.FirstBlock(sought.position);
  const auto end = std::upper_bound(
      section.index.begin(), section.index.end(), sought.position,
      [](Position position, const BlockHandle& handle) { return position < handle.first; });
  auto high = static_cast<size_t>(end - section.index.begin());
  if (high <= low) return std::optional<Block>();
  std::optional<Block> at_low;
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    CASTOR_ASSIGN_OR_RETURN(Block block, run.ReadBlock(section.index[middle]));
    if (Compare(block.At(0), sought) > 0) {
      high = middle;
    } else {
      low = middle;
      at_low = std::move(block);
    }
  }
  if (at_low) return at_low;
  CASTOR_ASSIGN_OR_RETURN(Block block, run.ReadBlock(section.index[low]));
  return std::optional(std::move(block));
}

// Whether the block has an entry that compares equal.
std::optional<Entry> FindIn(const Block& block, const Entry& sought) {
  uint32_t low = block.LowerBound(sought.position);
  for (uint32_t high = block.size(); low < high;) {
    const uint32_t middle = low + (high - low) / 2;
    if (Compare(block.At(middle), sought) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == block.size()) return std::nullopt;
  const Entry entry = block.At(low);
  return Compare(entry, sought) == 0 ? std::optional(entry) : std::nullopt;
}

// What one run says of a key and user key: a put, a delete or a clear; or nothing.
Result<std::optional<EntryKind>> GetFrom(const SortedRun& run, const SortedRun::Section& section,
                                         Position position, std::string_view key,
                                         std::string_view user_key, RunSet::Found* found) {
  const Entry sought{position, key, user_key, EntryKind::kPut, 0, {}};
  CASTOR_ASSIGN_OR_RETURN(const std::optional<Block> block, BlockOf(run, section, sought));
  if (!block) return std::optional<EntryKind>();
  if (const std::optional<Entry> entry = FindIn(*block, sought)) {
    if (entry->kind == EntryKind::kPut) *found = {std::string(entry->value), entry->time};
    return std::optional(entry->kind);
  }
  if (!section.info.has_clears) return std::optional<EntryKind>();
  const Entry clear{position, key, {}, EntryKind::kClear, 0, {}};
  CASTOR_ASSIGN_OR_RETURN(const std::optional<Block> first, BlockOf(run, section, clear));
  return FindIn(*first, clear) ? std::optional(EntryKind::kClear) : std::nullopt;
}

bool MayContain(const SortedRun::Section& section, Position position, std::string_view user_key) {
  const auto hash = static_cast<uint32_t>(position);
  // A clear of the key stands under the key alone.
  return section.MayContain(FilterHash(hash)) && (user_key.empty() || section.info.has_clears ||
                                                  section.MayContain(FilterHash(hash, user_key)));
}

// Of a filter with room for all that the inputs say of a section.
uint64_t FilterBytes(const RunSet::Merge& merge, SectionId id) {
  uint64_t bytes = 0;
  for (const RunSet::Run& run : merge.inputs) {
    if (const SortedRun::Section* section = run.SectionOf(id)) bytes += section->filter.byte_size();
  }
  return bytes;
}

// What a merge writes of a section. An expired put is one no more, but what older runs say stays
// hidden: it may have been written with a clock that has been put back since.
Status WriteSection(MergeCursor* merged, bool complete, int64_t expired_by, RunWriter* writer) {
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, merged->Next());
    if (!more) return Status::OK();
    Entry entry = merged->entry();
    if (entry.kind == EntryKind::kPut && entry.time != 0 && entry.time <= expired_by) {
      if (complete) continue;
      entry = {entry.position, entry.key, entry.user_key, EntryKind::kDelete, 0, {}};
    }
    CASTOR_RETURN_NOT_OK(writer->Add(entry));
  }
}

}  // namespace

Result<std::optional<RunSet::Found>> RunSet::Get(SectionId id, Position position,
                                                 std::string_view key,
                                                 std::string_view user_key) const {
  for (const Run& run : runs_) {
    const SortedRun::Section* section = run.SectionOf(id, position);
    if (section == nullptr || !gemini::MayContain(*section, position, user_key)) continue;
    Found found;
    CASTOR_ASSIGN_OR_RETURN(const std::optional<EntryKind> said,
                            GetFrom(*run.file, *section, position, key, user_key, &found));
    if (said == EntryKind::kPut) return std::optional(std::move(found));
    if (said.has_value()) break;
  }
  return std::optional<Found>();
}

Result<std::vector<RunSet::FoundEntry>> RunSet::GetAll(SectionId id, Position position,
                                                       std::string_view key) const {
  std::vector<std::unique_ptr<RunCursor>> cursors;
  for (const Run& run : runs_) {
    const SortedRun::Section* section = run.SectionOf(id, position);
    if (section == nullptr || !gemini::MayContain(*section, position, {})) continue;
    cursors.push_back(
        std::make_unique<RunCursor>(*run.file, *section, PositionRange{position, position + 1}));
  }
  std::vector<FoundEntry> all;
  MergeCursor merged(std::move(cursors), /*complete=*/true);
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, merged.Next());
    if (!more) return all;
    const Entry& entry = merged.entry();
    if (entry.key != key) continue;
    all.push_back({std::string(entry.user_key), {std::string(entry.value), entry.time}});
  }
}

bool RunSet::MayContain(SectionId id, Position position, std::string_view user_key) const {
  return std::any_of(runs_.begin(), runs_.end(), [&](const Run& run) {
    const SortedRun::Section* section = run.SectionOf(id, position);
    return section != nullptr && gemini::MayContain(*section, position, user_key);
  });
}

Status RunSet::ForEach(SectionId id, const std::function<void(const Entry&)>& visit) const {
  std::vector<std::unique_ptr<RunCursor>> cursors;
  for (const Run& run : runs_) {
    if (const SortedRun::Section* section = run.SectionOf(id)) {
      cursors.push_back(std::make_unique<RunCursor>(*run.file, *section, run.clip));
    }
  }
  MergeCursor merged(std::move(cursors), /*complete=*/true);
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, merged.Next());
    if (!more) return Status::OK();
    visit(merged.entry());
  }
}

void RunSet::Drop(SectionId section) {
  for (Run& run : runs_) {
    if (run.file->Find(section) != nullptr) run.dropped.insert(section);
  }
}

void RunSet::RemoveEmpty() {
  std::erase_if(runs_, [](const Run& run) {
    return !run.dropped.empty() && run.dropped.size() == run.file->sections().size();
  });
}

std::set<int64_t> RunSet::PartitionsOf(uint32_t table) const {
  std::set<int64_t> partitions;
  for (const Run& run : runs_) {
    for (const SortedRun::Section& section : run.file->sections()) {
      const SectionId id = section.info.id;
      if (id.table == table && run.dropped.count(id) == 0) partitions.insert(id.partition);
    }
  }
  return partitions;
}

int64_t RunSet::memory_bytes() const {
  int64_t bytes = 0;
  for (const Run& run : runs_) bytes += static_cast<int64_t>(run.file->memory_bytes());
  return bytes;
}

std::optional<RunSet::Merge> RunSet::PickMerge(const MergeOptions& options) const {
  // From the newest on, take older runs as long as each is of a size with all before it.
  size_t last = 0;
  uint64_t bytes = 0;
  while (last < runs_.size() &&
         (last == 0 || static_cast<double>(runs_[last].bytes) <=
                           options.size_ratio * static_cast<double>(bytes))) {
    bytes += runs_[last++].bytes;
  }
  if (last < options.fan_in) {
    uint64_t newer = 0;
    for (size_t i = 0; i + 1 < runs_.size(); ++i) newer += runs_[i].bytes;
    const bool garbage =
        runs_.size() > 1 && static_cast<double>(newer) >=
                                options.garbage_share * static_cast<double>(runs_.back().bytes);
    if (!garbage) return std::nullopt;
    last = runs_.size();
  }
  Merge merge;
  merge.complete = last == runs_.size();
  for (size_t i = 0; i < last; ++i) merge.inputs.push_back(runs_[i]);
  return merge;
}

Status RunSet::Replace(const Merge& merge, Run result) {
  const auto first = std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) {
    return run.file == merge.inputs.front().file;
  });
  const auto count = static_cast<ptrdiff_t>(merge.inputs.size());
  if (runs_.end() - first < count ||
      !std::equal(
          merge.inputs.begin(), merge.inputs.end(), first,
          [](const Run& input, const Run& run) { return input.file == run.file; })) {
    return Status::Internal("the inputs of a merge have gone while it ran");
  }
  // What all inputs have dropped meanwhile.
  for (const SortedRun::Section& section : result.file->sections()) {
    const bool counts = std::any_of(first, first + count, [&](const Run& run) {
      return run.SectionOf(section.info.id) != nullptr;
    });
    if (!counts) result.dropped.insert(section.info.id);
  }
  *first = std::move(result);
  runs_.erase(first + 1, first + count);
  return Status::OK();
}

Result<RunFooter> WriteMerge(const RunSet::Merge& merge, std::unique_ptr<io::WritableFile> file,
                             const RunWriterOptions& options) {
  std::set<SectionId> ids;
  for (const RunSet::Run& run : merge.inputs) {
    for (const SortedRun::Section& section : run.file->sections()) {
      if (run.dropped.count(section.info.id) == 0) ids.insert(section.info.id);
    }
  }
  RunWriter writer(std::move(file), options);
  for (const SectionId id : ids) {
    std::vector<std::unique_ptr<RunCursor>> cursors;
    for (const RunSet::Run& run : merge.inputs) {
      if (const SortedRun::Section* section = run.SectionOf(id)) {
        cursors.push_back(std::make_unique<RunCursor>(*run.file, *section, run.clip));
      }
    }
    CASTOR_RETURN_NOT_OK(writer.BeginSection(id, FilterBytes(merge, id)));
    MergeCursor merged(std::move(cursors), merge.complete);
    const auto expiry = merge.expired_by.find(id.table);
    const int64_t expired_by = expiry == merge.expired_by.end() ? INT64_MIN : expiry->second;
    CASTOR_RETURN_NOT_OK(WriteSection(&merged, merge.complete, expired_by, &writer));
  }
  return writer.Finish();
}

}  // namespace castor::gemini
