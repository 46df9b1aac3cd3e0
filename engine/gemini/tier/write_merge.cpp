#include "gemini/tier/write_merge.h"

#include <algorithm>
#include <set>
#include <utility>

namespace castor::gemini {
namespace {

// Writes one section of a merge.
class SectionMerge {
 public:
  SectionMerge(const RunSet::Merge& merge, SectionId id, RunWriter* writer)
      : merge_(merge), writer_(writer) {
    const auto expiry = merge.expired_by.find(id.table);
    if (expiry != merge.expired_by.end()) expired_by_ = expiry->second;
    for (const RunSet::Run& run : merge.inputs) {
      if (run.SectionOf(id) != nullptr) runs_.push_back(&run);
    }
    id_ = id;
  }

  Status Write() {
    std::vector<std::unique_ptr<RunCursor>> cursors;
    uint64_t filter_bytes = 0;  // with room for all that the inputs say
    for (const RunSet::Run* run : runs_) {
      const SortedRun::Section* section = run->SectionOf(id_);
      cursors.push_back(std::make_unique<RunCursor>(*run->file, *section, run->clip));
      filter_bytes += section->info.filter.bytes;
    }
    CASTOR_RETURN_NOT_OK(writer_->BeginSection(id_, filter_bytes));
    MergeCursor merged(std::move(cursors), merge_.complete);
    while (true) {
      CASTOR_ASSIGN_OR_RETURN(const bool more, merged.Next());
      if (!more) return Status::OK();
      CASTOR_RETURN_NOT_OK(WriteEntry(merged.entry(), *runs_[merged.source()]));
    }
  }

 private:
  // An expired put is one no more, but what older runs say stays hidden: it may have been written
  // with a clock that has been put back since.
  Status WriteEntry(Entry entry, const RunSet::Run& from) {
    if (entry.kind == EntryKind::kPut && entry.time != 0 && entry.time <= expired_by_) {
      if (merge_.complete) return Status::OK();
      entry = {entry.position, entry.key, entry.user_key, EntryKind::kDelete, 0, {}};
    }
    return entry.apart ? WriteApart(entry, from) : writer_->Add(entry);
  }

  Status WriteApart(Entry entry, const RunSet::Run& from) {
    CASTOR_ASSIGN_OR_RETURN(const std::shared_ptr<ValueFile> values, from.ValuesOf(entry.value));
    if (merge_.moved.count(values.get()) > 0) {
      CASTOR_RETURN_NOT_OK(values->Read(ValuePointer::Decode(entry.value), &value_));
      entry.value = value_;
      entry.apart = false;
      return writer_->Add(entry);
    }
    ValuePointer pointer = ValuePointer::Decode(entry.value);
    pointer.file = writer_->Carry(values) & ValuePointer::kMostFiles;
    entry.value = pointer.Encoded();
    return writer_->Add(entry);
  }

  const RunSet::Merge& merge_;
  RunWriter* const writer_;
  SectionId id_;
  int64_t expired_by_ = INT64_MIN;
  std::vector<const RunSet::Run*> runs_;  // that have the section
  std::string value_;
};

}  // namespace

Status WriteMerge(const RunSet::Merge& merge, RunWriter* writer) {
  std::set<SectionId> ids;
  for (const RunSet::Run& run : merge.inputs) {
    for (const SortedRun::Section& section : run.file->sections()) {
      if (run.dropped.count(section.info.id) == 0) ids.insert(section.info.id);
    }
  }
  for (const SectionId id : ids) CASTOR_RETURN_NOT_OK(SectionMerge(merge, id, writer).Write());
  return Status::OK();
}

}  // namespace castor::gemini
