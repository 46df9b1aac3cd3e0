#include "gemini/tier/run_set.h"

#include <algorithm>
#include <set>

#include "gemini/tier/value_use.h"

namespace castor::gemini {
namespace {

// The block in which `sought` stands if the run has it. Blocks that begin with the same position,
// as those of a large map do, are told apart by their first entries.
Result<std::shared_ptr<const Block>> BlockOf(const SortedRun& run,
                                             const SortedRun::Section& section,
                                             const Entry& sought) {
  size_t low = section.FirstBlock(sought.position);
  const auto end = std::upper_bound(
      section.index.begin(), section.index.end(), sought.position,
      [](Position position, const BlockHandle& handle) { return position < handle.first; });
  auto high = static_cast<size_t>(end - section.index.begin());
  if (high <= low) return std::shared_ptr<const Block>();
  std::shared_ptr<const Block> at_low;
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    CASTOR_ASSIGN_OR_RETURN(auto block, run.FindBlock(section.index[middle]));
    if (Compare(block->At(0), sought) > 0) {
      high = middle;
    } else {
      low = middle;
      at_low = std::move(block);
    }
  }
  if (at_low) return at_low;
  return run.FindBlock(section.index[low]);
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
Result<std::optional<EntryKind>> GetFrom(const RunSet::Run& run, const SortedRun::Section& section,
                                         Position position, std::string_view key,
                                         std::string_view user_key, RunSet::Found* found) {
  const Entry sought{position, key, user_key, EntryKind::kPut, 0, {}};
  CASTOR_ASSIGN_OR_RETURN(const std::shared_ptr<const Block> block,
                          BlockOf(*run.file, section, sought));
  if (block == nullptr) return std::optional<EntryKind>();
  if (const std::optional<Entry> entry = FindIn(*block, sought)) {
    found->time = entry->time;
    if (entry->kind == EntryKind::kPut) {
      CASTOR_RETURN_NOT_OK(run.ReadValue(*entry, &found->value));
    }
    return std::optional(entry->kind);
  }
  if (!section.info.has_clears) return std::optional<EntryKind>();
  const Entry clear{position, key, {}, EntryKind::kClear, 0, {}};
  CASTOR_ASSIGN_OR_RETURN(const std::shared_ptr<const Block> first,
                          BlockOf(*run.file, section, clear));
  return first != nullptr && FindIn(*first, clear) ? std::optional(EntryKind::kClear)
                                                   : std::nullopt;
}

}  // namespace

const BloomFilter& RunSet::Run::FilterOf(const SortedRun::Section& section) const {
  return (*filters)[static_cast<size_t>(&section - file->sections().data())];
}

void RunSet::Run::PrefetchFilter(const SortedRun::Section& section, Position position,
                                 std::string_view user_key) const {
  if (filters == nullptr) return;
  const BloomFilter& filter = FilterOf(section);
  const auto hash = static_cast<uint32_t>(position);
  filter.Prefetch(FilterHash(hash));
  if (!user_key.empty() && !section.info.has_clears) filter.Prefetch(FilterHash(hash, user_key));
}

bool RunSet::Run::MayContain(const SortedRun::Section& section, Position position,
                             std::string_view user_key) const {
  if (filters == nullptr) return true;
  const BloomFilter& filter = FilterOf(section);
  const auto hash = static_cast<uint32_t>(position);
  // A clear of the key stands under the key alone.
  return filter.MayContain(FilterHash(hash)) && (user_key.empty() || section.info.has_clears ||
                                                 filter.MayContain(FilterHash(hash, user_key)));
}

Result<std::optional<RunSet::Found>> RunSet::Get(SectionId id, Position position,
                                                 std::string_view key, std::string_view user_key,
                                                 size_t from) const {
  for (size_t place = 0; place < runs_.size(); ++place) {
    const Run& run = runs_[place];
    const SortedRun::Section* section = run.SectionOf(id, position);
    if (section == nullptr) continue;
    if (place < from || !run.MayContain(*section, position, user_key)) {
      run.use->ruled_out.fetch_add(1, std::memory_order_relaxed);
      continue;
    }
    Found found;
    CASTOR_ASSIGN_OR_RETURN(const std::optional<EntryKind> said,
                            GetFrom(run, *section, position, key, user_key, &found));
    if (said == EntryKind::kPut) return std::optional(std::move(found));
    if (said.has_value()) break;
    run.use->read_in_vain.fetch_add(1, std::memory_order_relaxed);
  }
  return std::optional<Found>();
}

std::vector<uint64_t> RunSet::Run::PointedTo() const {
  std::vector<uint64_t> pointed_to(file->value_files().size());
  if (pointed_to.empty()) return pointed_to;
  for (const SortedRun::Section& section : file->sections()) {
    if (dropped.count(section.info.id) > 0) continue;
    for (const ValueShare& share : section.info.values) pointed_to[share.file] += share.bytes;
  }
  return pointed_to;
}

void RunSet::Run::DropValues() {
  const std::vector<uint64_t> pointed_to = PointedTo();
  for (size_t i = 0; i < values.size(); ++i) {
    if (pointed_to[i] == 0) values[i] = nullptr;
  }
}

Result<std::shared_ptr<ValueFile>> RunSet::Run::ValuesOf(std::string_view pointer) const {
  const uint32_t number = ValuePointer::Decode(pointer).file;
  if (number < values.size() && values[number] != nullptr) return values[number];
  return Status::Corruption(file->path() + " points to value file " + std::to_string(number) +
                            ", which it does not have");
}

Status RunSet::Run::ReadValue(const Entry& entry, std::string* value) const {
  if (!entry.apart) {
    value->assign(entry.value);
    return Status::OK();
  }
  CASTOR_ASSIGN_OR_RETURN(const std::shared_ptr<ValueFile> apart, ValuesOf(entry.value));
  return apart->Read(ValuePointer::Decode(entry.value), value);
}

void RunSet::Sources::Add(const Run& run, const SortedRun::Section& section, PositionRange range,
                          RunCursor::Reads reads) {
  runs.push_back(&run);
  cursors.push_back(std::make_unique<RunCursor>(*run.file, section, range, reads));
}

Result<bool> RunSet::ValueCursor::Next() {
  CASTOR_ASSIGN_OR_RETURN(const bool more, merged_.Next());
  if (!more) return false;
  entry_ = merged_.entry();
  if (entry_.apart) {
    CASTOR_RETURN_NOT_OK(runs_[merged_.source()]->ReadValue(entry_, &value_));
    entry_.value = value_;
    entry_.apart = false;
  }
  return true;
}

Result<std::vector<RunSet::FoundEntry>> RunSet::GetAll(SectionId id, Position position,
                                                       std::string_view key) const {
  Sources sources;
  for (const Run& run : runs_) {
    const SortedRun::Section* section = run.SectionOf(id, position);
    if (section == nullptr || !run.MayContain(*section, position, {})) continue;
    sources.Add(run, *section, {position, position + 1}, RunCursor::Reads::kCached);
  }
  std::vector<FoundEntry> all;
  ValueCursor cursor(std::move(sources));
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, cursor.Next());
    if (!more) return all;
    const Entry& entry = cursor.entry();
    if (entry.key != key) continue;
    all.push_back({std::string(entry.user_key), {std::string(entry.value), entry.time}});
  }
}

RunSet::Sources RunSet::SourcesOf(SectionId id, PositionRange range) const {
  Sources sources;
  for (const Run& run : runs_) {
    if (const SortedRun::Section* section = run.SectionOf(id)) {
      sources.Add(run, *section, run.clip.And(range), RunCursor::Reads::kPastCache);
    }
  }
  return sources;
}

Status RunSet::ForEach(SectionId id, const std::function<void(const Entry&)>& visit) const {
  ValueCursor cursor(SourcesOf(id));
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const bool more, cursor.Next());
    if (!more) return Status::OK();
    visit(cursor.entry());
  }
}

void RunSet::Drop(SectionId section) {
  for (Run& run : runs_) {
    if (run.file->Find(section) == nullptr) continue;
    run.dropped.insert(section);
    run.DropValues();
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

uint64_t RunSet::EntriesOf(uint32_t table) const {
  uint64_t entries = 0;
  for (const Run& run : runs_) {
    for (const SortedRun::Section& section : run.file->sections()) {
      const SectionInfo& info = section.info;
      if (info.id.table == table && run.dropped.count(info.id) == 0) entries += info.entries;
    }
  }
  return entries;
}

int64_t RunSet::memory_bytes() const {
  int64_t bytes = 0;
  for (const Run& run : runs_) {
    bytes += static_cast<int64_t>(run.file->memory_bytes());
    if (run.filters != nullptr) bytes += static_cast<int64_t>(run.file->filter_bytes());
  }
  return bytes;
}

void RunSet::SetFilters(const SortedRun* file, std::shared_ptr<const SortedRun::Filters> filters) {
  for (Run& run : runs_) {
    if (run.file.get() == file) run.filters = std::move(filters);
  }
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
    uint64_t garbage = ValueUse(runs_).dead();
    for (size_t i = 0; i + 1 < runs_.size(); ++i)
      garbage += runs_[i].bytes + ValueUse::Of(runs_[i]);
    if (garbage == 0) return std::nullopt;
    const uint64_t oldest = runs_.back().bytes + ValueUse::Of(runs_.back());
    if (static_cast<double>(garbage) < options.garbage_share * static_cast<double>(oldest)) {
      return std::nullopt;
    }
    last = runs_.size();
  }
  return MergeOf(last, options);
}

// What counts may take more bytes in runs than in memory: then the oldest run says how many.
std::optional<RunSet::Merge> RunSet::PickUnreadMerge(const MergeOptions& options,
                                                     uint64_t live_bytes) const {
  if (runs_.size() < 2) return std::nullopt;
  const auto bytes_of = [](const Run& run) { return run.bytes + ValueUse::Of(run); };
  uint64_t stored = ValueUse(runs_).dead();
  for (const Run& run : runs_) stored += bytes_of(run);
  const auto live = static_cast<double>(std::max(live_bytes, bytes_of(runs_.back())));
  if (static_cast<double>(stored) > (1 + options.garbage_share) * live) {
    return MergeOfAll(options);
  }
  return runs_.size() > options.most_unread ? PickMerge(options) : std::nullopt;
}

RunSet::Merge RunSet::MergeOf(size_t runs, const MergeOptions& options) const {
  Merge merge;
  merge.complete = runs == runs_.size();
  for (size_t i = 0; i < runs; ++i) merge.inputs.push_back(runs_[i]);
  // Half, so that it is a while before it is due again.
  merge.moved = ValueUse(merge.inputs).ToMove(options.garbage_share / 2, options.small_value_file);
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
  result.DropValues();
  *first = std::move(result);
  runs_.erase(first + 1, first + count);
  return Status::OK();
}

}  // namespace castor::gemini
