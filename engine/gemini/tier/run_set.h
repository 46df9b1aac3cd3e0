// The runs of one instance, from the newest to the oldest, and which of them to merge.
//
// What a record is now stands in the newest run that says anything of it. Runs are merged when
// some that are neighbours in age have come to be of a size (Dayan, Athanassoulis, Idreos:
// "Monkey", 2017, section 2, tiering), so that a byte is rewritten once per level, and what has
// been overwritten is bounded by a share of what holds. Merges leave values that stand apart where
// they are, except in files of which too little counts.
//
// A RunSet is a value: copying it is copying pointers, and a copy stays as it is while merges
// replace runs of the original. Not thread-safe to change; reading calls may block.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "gemini/run/entry.h"
#include "gemini/run/run_cursor.h"
#include "gemini/run/sorted_run.h"
#include "gemini/run/value_file.h"

namespace castor::gemini {

struct MergeOptions {
  // So many runs of a size become one.
  size_t fan_in = 4;
  // Runs are of a size if the larger has at most so many times the bytes of all newer ones.
  double size_ratio = 2.0;
  // The oldest run is merged with all others once these, and values to which nothing points, have
  // this share of its bytes and of the values it points to: what they overwrite is garbage in it.
  double garbage_share = 0.5;
  // Value files smaller than that are written anew together.
  uint64_t small_value_file = uint64_t{4} << 20;
  // So many are left as they are while nobody reads them.
  size_t most_unread = 64;
};

// Lookups that did not find anything in a run, though they came to it.
struct RunUse {
  uint64_t ruled_out_by_owner = 0;     // by the filter; of the thread that owns the instance
  std::atomic<uint64_t> ruled_out{0};  // by the filter, on other threads
  std::atomic<uint64_t> read_in_vain{0};

  // What was counted so far counts half; what is being counted meanwhile may be lost.
  void Halve() {
    ruled_out_by_owner /= 2;
    ruled_out = ruled_out / 2;
    read_in_vain = read_in_vain / 2;
  }
};

class RunSet {
 public:
  struct Run {
    std::shared_ptr<SortedRun> file;
    uint64_t bytes = 0;  // of the file
    // What of it counts: a run may come from an instance that had other key groups, too.
    PositionRange clip = {};
    // Sections that do not count any more: windows, for instance, that have been dropped.
    std::set<SectionId> dropped = {};
    // By number in the run's list, files in which values of it stand; nullptr where none counts.
    std::vector<std::shared_ptr<ValueFile>> values = {};
    // By section of the file; nullptr: they are not in memory, and it may contain anything.
    std::shared_ptr<const SortedRun::Filters> filters = nullptr;
    std::shared_ptr<RunUse> use = std::make_shared<RunUse>();

    // nullptr: it says nothing of the section, or of what stands there.
    const SortedRun::Section* SectionOf(SectionId id) const {
      return dropped.count(id) == 0 ? file->Find(id) : nullptr;
    }
    const SortedRun::Section* SectionOf(SectionId id, Position position) const {
      return clip.Contains(position) ? SectionOf(id) : nullptr;
    }
    // Whether anything may stand there in one of its sections, as its filter says. No I/O.
    bool MayContain(const SortedRun::Section& section, Position position,
                    std::string_view user_key) const;
    // What MayContain will look at is on its way to the processor's cache.
    void PrefetchFilter(const SortedRun::Section& section, Position position,
                        std::string_view user_key) const;
    // Bytes of values that count, by number of the file; of a run that is clipped perhaps fewer do.
    std::vector<uint64_t> PointedTo() const;
    // Lets go of value files of which nothing counts any more.
    void DropValues();
    // If they are in memory.
    const BloomFilter& FilterOf(const SortedRun::Section& section) const;
    // Where an entry's value stands. kCorruption: nowhere.
    Result<std::shared_ptr<ValueFile>> ValuesOf(std::string_view pointer) const;
    // The value of one of its entries, in `*value`.
    Status ReadValue(const Entry& entry, std::string* value) const;
  };
  struct Merge {
    std::vector<Run> inputs;  // neighbours in age, newest first
    bool complete = false;    // the oldest run is among them
    // By table: what was last written up to this time has expired. Tables without a TTL are not
    // in it.
    std::map<uint32_t, int64_t> expired_by = {};
    // Value files of which what counts is written anew.
    std::set<const ValueFile*> moved = {};
  };

  void AddNewest(Run run) { runs_.insert(runs_.begin(), std::move(run)); }
  const std::vector<Run>& runs() const { return runs_; }
  // Nothing of what the runs hold of the section counts any more; what newer ones will does.
  void Drop(SectionId section);
  // Lets go of runs of which nothing counts. Not while a merge is on its way.
  void RemoveEmpty();
  // Partitions of a table in which something counts.
  std::set<int64_t> PartitionsOf(uint32_t table) const;
  // How many entries runs have of the table: no fewer than count.
  uint64_t EntriesOf(uint32_t table) const;
  // Of indexes and filters.
  int64_t memory_bytes() const;
  // Puts filters into memory, or lets go of them (nullptr), if it has such a run.
  void SetFilters(const SortedRun* file, std::shared_ptr<const SortedRun::Filters> filters);

  // What the runs say of a key and user key: a put with its value, or nothing. `from`: the place of
  // the newest run that may contain it, as SectionFilters says.
  struct Found {
    std::string value;
    int64_t time = 0;
  };
  Result<std::optional<Found>> Get(SectionId section, Position position, std::string_view key,
                                   std::string_view user_key, size_t from = 0) const;
  // All that the runs hold of a key, in the order of user keys.
  struct FoundEntry {
    std::string user_key;
    Found found;
  };
  Result<std::vector<FoundEntry>> GetAll(SectionId section, Position position,
                                         std::string_view key) const;
  // Visits what the runs hold of a section, in its order, with values wherever they stand. Views
  // are valid during the visit.
  Status ForEach(SectionId section, const std::function<void(const Entry&)>& visit) const;
  // The same one by one.
  class SectionCursor;

  // The next merge that is due, if any.
  std::optional<Merge> PickMerge(const MergeOptions& options) const;
  // The same while all that counts, `live_bytes`, is in memory too: no lookup gains by a merge, so
  // that it is due only for the space that runs take and for the number of files in a checkpoint.
  std::optional<Merge> PickUnreadMerge(const MergeOptions& options, uint64_t live_bytes) const;
  // Of all runs, of which there must be one.
  Merge MergeOfAll(const MergeOptions& options) const { return MergeOf(runs_.size(), options); }
  // Puts the result in the place of the inputs. Newer runs may have been added meanwhile; of the
  // inputs none may have gone.
  Status Replace(const Merge& merge, Run result);

 private:
  // Of so many, from the newest on.
  Merge MergeOf(size_t runs, const MergeOptions& options) const;

  // The runs that say something of a section, and a cursor over each.
  struct Sources {
    std::vector<const Run*> runs;
    std::vector<std::unique_ptr<RunCursor>> cursors;
    void Add(const Run& run, const SortedRun::Section& section, PositionRange range,
             RunCursor::Reads reads);
  };
  // The entries that count, of all that the sources have.
  class ValueCursor {
   public:
    explicit ValueCursor(Sources sources)
        : runs_(std::move(sources.runs)), merged_(std::move(sources.cursors), /*complete=*/true) {}
    Result<bool> Next();
    const Entry& entry() const { return entry_; }

   private:
    const std::vector<const Run*> runs_;
    MergeCursor merged_;
    Entry entry_;
    std::string value_;
  };
  Sources SourcesOf(SectionId id, PositionRange range = {}) const;

  std::vector<Run> runs_;
};

// Of the runs as they were when it was made. Not thread-safe; calls may block.
class RunSet::SectionCursor {
 public:
  // Over what stands in the range.
  SectionCursor(RunSet runs, SectionId id, PositionRange range = {})
      : runs_(std::move(runs)), cursor_(runs_.SourcesOf(id, range)) {}
  SectionCursor(const SectionCursor&) = delete;
  SectionCursor& operator=(const SectionCursor&) = delete;

  // To the next entry. False at the end.
  Result<bool> Next() { return cursor_.Next(); }
  // Valid until the next Next.
  const Entry& entry() const { return cursor_.entry(); }

 private:
  const RunSet runs_;
  ValueCursor cursor_;
};

}  // namespace castor::gemini
