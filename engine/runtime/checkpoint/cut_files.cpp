#include "runtime/checkpoint/cut_files.h"

#include <utility>

namespace castor::runtime {

void CutFiles::Start() {
  // What is ready during this loop waits for its end: nobody may work on the parts before.
  Begin();
  const auto schedule = [io = io_, files = weak_from_this()] { Schedule(io, files); };
  for (const Part& part : parts_) {
    if (part.cut.keyed != nullptr) part.cut.keyed->WhenReady(schedule);
  }
  End();
  schedule();
}

void CutFiles::Schedule(IoPool* io, std::weak_ptr<CutFiles> files) {
  io->Submit([files = std::move(files)] {
    if (const std::shared_ptr<CutFiles> found = files.lock()) found->Work();
  });
}

bool CutFiles::Begin() {
  const std::lock_guard lock(mutex_);
  again_ = working_;
  return !std::exchange(working_, true);
}

bool CutFiles::End() {
  const std::lock_guard lock(mutex_);
  working_ = false;
  return std::exchange(again_, false);
}

void CutFiles::Work() {
  if (!Begin()) return;
  Result<bool> all = owner_.wanted() ? WriteSome() : Result<bool>(Status::Cancelled("given up"));
  if (!all.ok() || *all) {
    std::vector<Part> parts = std::move(parts_);
    parts_.clear();
    if (!all.ok()) {
      parts.clear();
      return owner_.done(all.status());
    }
    return owner_.done(std::move(parts));
  }
  if (End()) Schedule(io_, weak_from_this());
}

Result<bool> CutFiles::WriteSome() {
  bool all = true;
  for (Part& part : parts_) {
    CASTOR_ASSIGN_OR_RETURN(const bool done, WriteSome(&part));
    all = all && done;
  }
  return all;
}

Result<bool> CutFiles::WriteSome(Part* part) {
  OperatorCut& cut = part->cut;
  if (part->done) return true;
  if (part->file == nullptr) {
    CASTOR_ASSIGN_OR_RETURN(part->file, directory_->Open(part->name, cut.sections));
    if (cut.keyed != nullptr) part->file->BeginSection(section::kKeyed);
  }
  if (cut.keyed != nullptr) {
    const auto append = [part](std::string_view bytes) { return part->file->Append(bytes); };
    CASTOR_ASSIGN_OR_RETURN(const bool done, cut.keyed->Write(append));
    if (!done) return false;
  }
  CASTOR_ASSIGN_OR_RETURN(part->record, part->file->Finish());
  if (cut.keyed != nullptr) part->record.shared = cut.keyed->files();
  part->file.reset();
  part->done = true;
  return true;
}

}  // namespace castor::runtime
