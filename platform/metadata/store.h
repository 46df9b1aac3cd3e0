// The platform's records in its database.
//
// Thread-safe: a Session of Begin has the database to itself until it goes, and is a transaction:
// what it saved is there, durably, once Commit has returned, and else never was. One of
// BeginReading sees the database as it was when it looked first.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/metadata/database.h"
#include "platform/metadata/event_bell.h"
#include "platform/metadata/records.h"

namespace castor::platform {

// What the audit log will say of a change that is being made. The session that makes it fills in
// what has changed, and saves it with the change: there is never one without the other.
struct ChangeNote {
  AuditRecord record;
  bool is_saved = false;
};

class Session {
 public:
  // `note`: of the change that it makes; null: of none that anybody asked for.
  Session(std::unique_lock<std::mutex> lock, Database* database, Transaction transaction,
          EventBell* bell, std::shared_ptr<ChangeNote> note)
      : lock_(std::move(lock)),
        database_(database),
        transaction_(std::move(transaction)),
        bell_(bell),
        note_(std::move(note)) {}

  // The records for which `clause` holds: what follows SELECT ... FROM ..., e.g. "WHERE id = ?".
  template <typename Record>
  Result<std::vector<Record>> Select(std::string_view clause, const std::vector<Value>& values);
  // The first of them.
  template <typename Record>
  Result<std::optional<Record>> Find(std::string_view clause, const std::vector<Value>& values);
  // Replaces the record with the same key.
  template <typename Record>
  Status Save(const Record& record);
  // The record with the same key is no more.
  template <typename Record>
  Status Remove(const Record& record);
  // Those for which `clause` holds ("WHERE ...") are no more; how many they were.
  template <typename Record>
  Result<int64_t> RemoveWhere(std::string_view clause, const std::vector<Value>& values);
  // The number for the next record of that kind.
  template <typename Record>
  Result<int64_t> NextSequence();

  // Gives the event its id, number, time and who asked for it.
  Status AddEvent(EventRecord event);
  Result<bool> HasNamespace(const std::string& name);
  Status AddNamespace(const std::string& name);
  Result<std::vector<std::string>> Namespaces();
  // With its versions, jobs and savepoints; events stay.
  Status DeleteDeployment(const std::string& id);
  // Those that have expired.
  Status ForgetLogins(int64_t now_ms);
  // Those of the user, but not `kept`.
  Status ForgetLoginsOf(const std::string& user, const std::string& kept);
  Status NoteTokenUse(const std::string& digest, int64_t now_ms);
  // With the user's tokens, sessions and roles.
  Status DeleteUser(const std::string& name);
  // Gives it its number and time, and forgets those that are too old.
  Status AddAudit(AuditRecord record);

  Status Commit();

 private:
  template <typename Record>
  void NoteChange(const Record& record);

  std::unique_lock<std::mutex> lock_;
  Database* database_;
  Transaction transaction_;
  EventBell* bell_;
  std::shared_ptr<ChangeNote> note_;
  bool has_events_ = false;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> Open(const std::string& path);
  Result<Session> Begin(std::shared_ptr<ChangeNote> note = nullptr);
  // Has all that was committed before, and changes nothing: saving in it is an error. It waits for
  // nobody who writes, and nobody who writes for it.
  Result<Session> BeginReading();
  const EventBell& bell() const { return bell_; }

 private:
  struct Reader {
    std::mutex mutex;
    std::unique_ptr<Database> database;
  };
  static constexpr size_t kReaders = 4;

  explicit Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<Database> database_;
  std::array<Reader, kReaders> readers_;
  std::atomic<size_t> next_reader_ = 0;
  EventBell bell_;
};

int64_t NowMs();
// A random UUID.
std::string NewId();

}  // namespace castor::platform
