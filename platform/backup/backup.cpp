#include "platform/backup/backup.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/file_system.h"
#include "platform/metadata/store.h"
#include "platform/targets/snapshots.h"
#include "platform/texts.h"

namespace castor::platform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNote = "/backup.json";
constexpr const char* kDatabase = "/castor.db";
constexpr int kFormat = 1;

std::string AbsolutePath(const std::string& path) {
  std::error_code ignored;
  std::string absolute = fs::absolute(path, ignored).lexically_normal().string();
  if (absolute.size() > 1 && absolute.ends_with('/')) absolute.pop_back();
  return absolute;
}

Status MakeEmptyFolder(const std::string& path) {
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(path));
  ::chmod(path.c_str(), 0700);
  CASTOR_ASSIGN_OR_RETURN(const auto entries, io::LocalFileSystem().List(path));
  if (entries.empty()) return Status::OK();
  return Status::InvalidArgument(path +
                                 " has something in it; name a folder that is not there yet");
}

Status Copy(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy(from, to, fs::copy_options::recursive, error);
  if (!error) return Status::OK();
  return Status::IoError("cannot copy " + from + " to " + to + ": " + error.message());
}

Status CopyIfThere(const std::string& from, const std::string& to) {
  std::error_code ignored;
  return fs::exists(from, ignored) ? Copy(from, to) : Status::OK();
}

// Files that are whole: what is being written has a hidden name, and may go again.
Status CopyFiles(const std::string& from, const std::string& to) {
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(to));
  CASTOR_ASSIGN_OR_RETURN(const auto files, io::LocalFileSystem().List(from));
  for (const io::FileInfo& file : files) {
    const std::string name(io::BaseName(file.path));
    if (!name.starts_with('.')) CASTOR_RETURN_NOT_OK(CopyIfThere(file.path, to + "/" + name));
  }
  return Status::OK();
}

// The savepoints that the copy of the database has: in the folder's own place.
Status CopySavepoints(const std::string& data, const std::string& to) {
  CASTOR_ASSIGN_OR_RETURN(const auto database, Database::Open(to + kDatabase));
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      database->Query("SELECT id FROM savepoints WHERE state = 'COMPLETED' AND location > ? AND "
                      "location < ?",
                      {data + "/savepoints/", data + "/savepoints0"}));
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(to + "/savepoints"));
  for (const Row& row : rows) {
    const std::string part = "/savepoints/" + row.Text(0);
    const Status copied = CopyIfThere(data + part, to + part);
    // One that was deleted meanwhile is none of the platform's any more.
    std::error_code ignored;
    if (!copied.ok() && fs::exists(data + part, ignored)) return copied;
    if (!copied.ok()) CASTOR_RETURN_NOT_OK(io::LocalFileSystem().DeleteRecursively(to + part));
  }
  return Status::OK();
}

Result<std::string> ReadNote(const std::string& from) {
  const auto text = io::ReadWholeFile(io::LocalFileSystem(), from + kNote);
  const auto json = nlohmann::json::parse(text.ok() ? *text : "", nullptr, false);
  if (!json.is_object() || json.value("castorBackup", 0) == 0) {
    return Status::InvalidArgument(from + " is no backup that is complete: it has no backup.json");
  }
  if (json.value("castorBackup", 0) != kFormat) {
    return Status::Incompatible(fmt::format("{} is a backup of format {}, this Castor reads {}",
                                            from, json.value("castorBackup", 0), kFormat));
  }
  return json.value("dataDirectory", "");
}

// Everything that names a snapshot names it in the new folder.
Status MovePaths(Database* database, const std::string& before, const std::string& after) {
  for (const auto& [table, column] :
       {std::pair("savepoints", "location"), std::pair("jobs", "restore_from"),
        std::pair("attempts", "restore_from"), std::pair("versions", "begin_with")}) {
    CASTOR_RETURN_NOT_OK(database->Run(
        fmt::format("UPDATE {0} SET {1} = ? || substr({1}, ?) WHERE {1} > ? AND {1} < ?", table,
                    column),
        {after, static_cast<int64_t>(before.size()) + 1, before + "/", before + "0"}));
  }
  return Status::OK();
}

// No process of the old folder is one of this one. What has a savepoint goes on from it; what has
// none, and had checkpoints, says so instead of beginning anew (restore_point.h).
Status EndJobs(Session* session) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto newest,
      session->Select<JobRecord>("WHERE sequence = (SELECT MAX(sequence) FROM jobs others WHERE "
                                 "others.deployment = jobs.deployment)",
                                 {}));
  for (JobRecord job : newest) {
    CASTOR_ASSIGN_OR_RETURN(
        const auto saved, session->Find<SavepointRecord>(
                              "WHERE deployment = ? AND state = 'COMPLETED' ORDER BY sequence DESC",
                              {job.deployment}));
    if (saved && IsSnapshot(saved->location)) {
      job.restore_from = saved->location;
      job.checkpointed = 0;
    }
    if (job.active()) {
      job.state = "TERMINATED";
      job.ending = "NONE";
      job.ended_at = job.modified_at = NowMs();
      EventRecord event;
      event.namespace_name = job.namespace_name;
      event.deployment = job.deployment;
      event.job = job.id;
      event.name = "RESTORED_FROM_A_BACKUP";
      event.message = job.restore_from.empty() ? "The job begins anew: it had no savepoint"
                                               : "The job goes on from " + job.restore_from;
      CASTOR_RETURN_NOT_OK(session->AddEvent(std::move(event)));
    }
    CASTOR_RETURN_NOT_OK(session->Save(job));
  }
  CASTOR_ASSIGN_OR_RETURN(auto begun,
                          session->Select<SavepointRecord>("WHERE state = 'STARTED'", {}));
  for (SavepointRecord& savepoint : begun) {
    savepoint.state = "FAILED";
    savepoint.message = "it was not complete when the backup was taken";
    CASTOR_RETURN_NOT_OK(session->Save(savepoint));
  }
  return Status::OK();
}

}  // namespace

Status TakeBackup(const std::string& data_dir, const std::string& to_dir) {
  const std::string data = AbsolutePath(data_dir), to = AbsolutePath(to_dir);
  std::error_code ignored;
  if (!fs::exists(data + kDatabase, ignored)) {
    return Status::InvalidArgument(data +
                                   " is no data directory of a platform: it has no castor.db");
  }
  CASTOR_RETURN_NOT_OK(MakeEmptyFolder(to));
  // The key first: whatever the database has was sealed with it.
  CASTOR_RETURN_NOT_OK(CopyIfThere(data + "/secret.key", to + "/secret.key"));
  for (const char* name : {kDatabase, "/metrics.db"}) {
    if (!fs::exists(data + name, ignored)) continue;
    CASTOR_ASSIGN_OR_RETURN(const auto database, Database::OpenToRead(data + name));
    CASTOR_RETURN_NOT_OK(database->CopyTo(to + name));
  }
  CASTOR_RETURN_NOT_OK(CopyFiles(data + "/bundles", to + "/bundles"));
  CASTOR_RETURN_NOT_OK(CopyIfThere(data + "/artifacts", to + "/artifacts"));
  CASTOR_RETURN_NOT_OK(CopySavepoints(data, to));
  const nlohmann::json note = {
      {"castorBackup", kFormat}, {"dataDirectory", data}, {"takenAt", NowMs()}};
  return io::WriteFileAtomically(io::LocalFileSystem(), to + kNote, note.dump() + "\n");
}

Status RestoreBackup(const std::string& from_dir, const std::string& data_dir) {
  const std::string from = AbsolutePath(from_dir), data = AbsolutePath(data_dir);
  CASTOR_ASSIGN_OR_RETURN(const std::string before, ReadNote(from));
  CASTOR_RETURN_NOT_OK(MakeEmptyFolder(data));
  for (const char* name : {"/secret.key", "/metrics.db", "/bundles", "/artifacts", "/savepoints"}) {
    CASTOR_RETURN_NOT_OK(CopyIfThere(from + name, data + name));
  }
  // Under another name until all of it is so: a server would take it for what it is.
  const std::string copy = data + "/restoring.db";
  CASTOR_RETURN_NOT_OK(Copy(from + kDatabase, copy));
  {
    CASTOR_ASSIGN_OR_RETURN(const auto database, Database::Open(copy));
    CASTOR_RETURN_NOT_OK(Migrate(database.get(), Migrations()));
    CASTOR_RETURN_NOT_OK(MovePaths(database.get(), before, data));
  }
  {
    CASTOR_ASSIGN_OR_RETURN(const auto store, Store::Open(copy));
    CASTOR_ASSIGN_OR_RETURN(Session session, store->Begin());
    CASTOR_RETURN_NOT_OK(EndJobs(&session));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  return io::LocalFileSystem().Rename(copy, data + kDatabase);
}

}  // namespace castor::platform
