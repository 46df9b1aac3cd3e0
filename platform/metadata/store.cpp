#include "platform/metadata/store.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <chrono>

#include "platform/metadata/tables.h"
#include "platform/texts.h"

namespace castor::platform {
namespace {

template <typename Record>
std::string ColumnList(const Table<Record>& table) {
  std::string list;
  for (const auto& column : table.columns)
    list += (list.empty() ? "" : ", ") + std::string(column.name);
  return list;
}

template <typename Record>
Record ReadRecord(const Table<Record>& table, Row* row) {
  Record record;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (const auto* integer = std::get_if<int64_t Record::*>(&table.columns[i].field)) {
      record.*(*integer) = row->Integer(i);
    } else {
      record.*std::get<std::string Record::*>(table.columns[i].field) = row->TakeText(i);
    }
  }
  return record;
}

template <typename Record>
std::vector<Value> ValuesOf(const Table<Record>& table, const Record& record) {
  std::vector<Value> values;
  for (const auto& column : table.columns) {
    std::visit([&](auto field) { values.emplace_back(record.*field); }, column.field);
  }
  return values;
}

// Not REPLACE, which deletes the row first and what refers to it.
template <typename Record>
std::string Upsert(const Table<Record>& table) {
  std::string places, keys, updates;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    places += i == 0 ? "?" : ", ?";
    const std::string name = table.columns[i].name;
    if (i < table.keys) {
      keys += (i == 0 ? "" : ", ") + name;
    } else {
      updates += (updates.empty() ? "" : ", ") + name + " = excluded." + name;
    }
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}",
                     table.name, ColumnList(table), places, keys, updates);
}

}  // namespace

template <typename Record>
Result<std::vector<Record>> Session::Select(std::string_view clause,
                                            const std::vector<Value>& values) {
  const Table<Record>& table = TableOf<Record>();
  static const std::string select =
      fmt::format("SELECT {} FROM {} ", ColumnList(table), table.name);
  CASTOR_ASSIGN_OR_RETURN(auto rows, database_->Query(select + std::string(clause), values));
  std::vector<Record> records;
  records.reserve(rows.size());
  for (Row& row : rows) records.push_back(ReadRecord(table, &row));
  return records;
}

template <typename Record>
Result<std::optional<Record>> Session::Find(std::string_view clause,
                                            const std::vector<Value>& values) {
  CASTOR_ASSIGN_OR_RETURN(auto records, Select<Record>(std::string(clause) + " LIMIT 1", values));
  if (records.empty()) return std::optional<Record>();
  return std::optional<Record>(std::move(records.front()));
}

// The first record that is saved is what was to be changed, or the first that counts its changes;
// others follow from it.
template <typename Record>
void Session::NoteChange(const Record& record) {
  if (note_ == nullptr) return;
  constexpr bool kCounts = requires { record.resource_version; };
  const bool is_better = kCounts && note_->record.resource_version == 0;
  if (!note_->record.resource.empty() && !is_better) return;
  const Table<Record>& table = TableOf<Record>();
  note_->record.resource = table.name;
  const std::vector<Value> values = ValuesOf(table, record);
  for (size_t i = 0; i < table.keys; ++i) {
    if (const auto* key = std::get_if<std::string>(&values[i])) {
      note_->record.resource += "/" + *key;
    }
  }
  if constexpr (kCounts) note_->record.resource_version = record.resource_version;
}

template <typename Record>
Status Session::Save(const Record& record) {
  NoteChange(record);
  const Table<Record>& table = TableOf<Record>();
  return database_->Run(Upsert(table), ValuesOf(table, record));
}

template <typename Record>
Status Session::Remove(const Record& record) {
  NoteChange(record);
  const Table<Record>& table = TableOf<Record>();
  std::string keys;
  for (size_t i = 0; i < table.keys; ++i) {
    keys += fmt::format("{}{} = ?", i == 0 ? "" : " AND ", table.columns[i].name);
  }
  std::vector<Value> values = ValuesOf(table, record);
  values.resize(table.keys);
  return database_->Run(fmt::format("DELETE FROM {} WHERE {}", table.name, keys), values);
}

template <typename Record>
Result<int64_t> Session::RemoveWhere(std::string_view clause, const std::vector<Value>& values) {
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      database_->Query(fmt::format("DELETE FROM {} {} RETURNING 1", TableOf<Record>().name, clause),
                       values));
  return static_cast<int64_t>(rows.size());
}

template <typename Record>
Result<int64_t> Session::NextSequence() {
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows, database_->Query(fmt::format("SELECT COALESCE(MAX(sequence), 0) + 1 FROM {}",
                                                    TableOf<Record>().name)));
  return rows.at(0).Integer(0);
}

#define CASTOR_PLATFORM_VIEW(Record)                                                       \
  template Result<std::vector<Record>> Session::Select<Record>(std::string_view,           \
                                                               const std::vector<Value>&); \
  template Result<std::optional<Record>> Session::Find<Record>(std::string_view,           \
                                                               const std::vector<Value>&)
#define CASTOR_PLATFORM_RECORD(Record)                  \
  CASTOR_PLATFORM_VIEW(Record);                         \
  template Status Session::Save<Record>(const Record&); \
  template Status Session::Remove<Record>(const Record&)
CASTOR_PLATFORM_VIEW(DeploymentListing);
CASTOR_PLATFORM_RECORD(DeploymentRecord);
CASTOR_PLATFORM_RECORD(DeploymentStatusRecord);
CASTOR_PLATFORM_RECORD(VersionRecord);
CASTOR_PLATFORM_RECORD(JobRecord);
CASTOR_PLATFORM_RECORD(AttemptRecord);
CASTOR_PLATFORM_RECORD(SavepointRecord);
CASTOR_PLATFORM_RECORD(SecretValueRecord);
CASTOR_PLATFORM_RECORD(DeploymentDefaultsRecord);
CASTOR_PLATFORM_RECORD(ArtifactRecord);
CASTOR_PLATFORM_RECORD(SqlScriptRecord);
CASTOR_PLATFORM_RECORD(SqlScriptVersionRecord);
CASTOR_PLATFORM_RECORD(AlertRuleRecord);
CASTOR_PLATFORM_RECORD(AlertRecord);
CASTOR_PLATFORM_RECORD(AlertDeliveryRecord);
CASTOR_PLATFORM_RECORD(PolicyRecord);
CASTOR_PLATFORM_RECORD(DeletionRecord);
CASTOR_PLATFORM_RECORD(EventRecord);
CASTOR_PLATFORM_RECORD(UserRecord);
CASTOR_PLATFORM_RECORD(MemberRecord);
CASTOR_PLATFORM_RECORD(LoginRecord);
CASTOR_PLATFORM_RECORD(TokenRecord);
CASTOR_PLATFORM_RECORD(AuditRecord);
#undef CASTOR_PLATFORM_RECORD
#undef CASTOR_PLATFORM_VIEW
template Result<int64_t> Session::RemoveWhere<EventRecord>(std::string_view,
                                                           const std::vector<Value>&);
template Result<int64_t> Session::RemoveWhere<AlertRecord>(std::string_view,
                                                           const std::vector<Value>&);
template Result<int64_t> Session::RemoveWhere<AlertDeliveryRecord>(std::string_view,
                                                                   const std::vector<Value>&);
template Result<int64_t> Session::NextSequence<DeploymentRecord>();
template Result<int64_t> Session::NextSequence<JobRecord>();
template Result<int64_t> Session::NextSequence<SqlScriptRecord>();
template Result<int64_t> Session::NextSequence<SavepointRecord>();
template Result<int64_t> Session::NextSequence<TokenRecord>();
template Result<int64_t> Session::NextSequence<AlertRuleRecord>();
template Result<int64_t> Session::NextSequence<AlertRecord>();
template Result<int64_t> Session::NextSequence<AlertDeliveryRecord>();

Status Session::AddEvent(EventRecord event) {
  event.id = NewId();
  event.created_at = NowMs();
  if (note_ != nullptr) event.actor = note_->record.actor;
  CASTOR_ASSIGN_OR_RETURN(event.sequence, NextSequence<EventRecord>());
  has_events_ = true;
  return database_->Run(Upsert(TableOf<EventRecord>()), ValuesOf(TableOf<EventRecord>(), event));
}

Status Session::Commit() {
  const bool saves_note = note_ != nullptr && !note_->is_saved;
  if (saves_note) CASTOR_RETURN_NOT_OK(AddAudit(note_->record));
  CASTOR_RETURN_NOT_OK(transaction_.Commit());
  if (saves_note) note_->is_saved = true;
  if (has_events_) bell_->Ring();
  return Status::OK();
}

Result<bool> Session::HasNamespace(const std::string& name) {
  CASTOR_ASSIGN_OR_RETURN(const auto rows,
                          database_->Query("SELECT 1 FROM namespaces WHERE name = ?", {name}));
  return !rows.empty();
}

Status Session::AddNamespace(const std::string& name) {
  if (note_ != nullptr) note_->record.resource = "namespaces/" + name;
  return database_->Run("INSERT INTO namespaces (name, created_at) VALUES (?, ?)", {name, NowMs()});
}

Result<std::vector<std::string>> Session::Namespaces() {
  CASTOR_ASSIGN_OR_RETURN(const auto rows,
                          database_->Query("SELECT name FROM namespaces ORDER BY name"));
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.Text(0));
  return names;
}

Status Session::DeleteDeployment(const std::string& id) {
  if (note_ != nullptr) note_->record.resource = "deployments/" + id;
  return database_->Run("DELETE FROM deployments WHERE id = ?", {id});
}

Status Session::ForgetLogins(int64_t now_ms) {
  return database_->Run("DELETE FROM logins WHERE expires_at <= ?", {now_ms});
}

Status Session::ForgetLoginsOf(const std::string& user, const std::string& kept) {
  return database_->Run("DELETE FROM logins WHERE user = ? AND digest <> ?", {user, kept});
}

Status Session::NoteTokenUse(const std::string& digest, int64_t now_ms) {
  return database_->Run("UPDATE tokens SET last_used_at = ? WHERE digest = ?", {now_ms, digest});
}

Status Session::DeleteUser(const std::string& name) {
  if (note_ != nullptr) note_->record.resource = "users/" + name;
  CASTOR_RETURN_NOT_OK(database_->Run("DELETE FROM tokens WHERE user = ?", {name}));
  return database_->Run("DELETE FROM users WHERE name = ?", {name});
}

Status Session::AddAudit(AuditRecord record) {
  constexpr int64_t kKeptMs = int64_t{180} * 24 * 3600 * 1000;
  constexpr int64_t kBetweenLooks = 1000;
  record.created_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(record.sequence, NextSequence<AuditRecord>());
  if (record.sequence % kBetweenLooks == 0) {
    CASTOR_RETURN_NOT_OK(
        database_->Run("DELETE FROM audit WHERE created_at < ?", {record.created_at - kKeptMs}));
  }
  return database_->Run(Upsert(TableOf<AuditRecord>()), ValuesOf(TableOf<AuditRecord>(), record));
}

Result<std::unique_ptr<Store>> Store::Open(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto database, Database::Open(path));
  CASTOR_RETURN_NOT_OK(Migrate(database.get(), Migrations()));
  std::unique_ptr<Store> store(new Store(std::move(database)));
  for (Reader& reader : store->readers_) {
    CASTOR_ASSIGN_OR_RETURN(reader.database, Database::OpenToRead(path));
  }
  return store;
}

Result<Session> Store::Begin(std::shared_ptr<ChangeNote> note) {
  std::unique_lock lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_.get()));
  return Session(std::move(lock), database_.get(), std::move(transaction), &bell_, std::move(note));
}

// One that nobody has, else whose turn it is.
Result<Session> Store::BeginReading() {
  const size_t first = next_reader_++;
  std::unique_lock<std::mutex> lock;
  Reader* reader = nullptr;
  for (size_t i = 0; i < kReaders && !lock.owns_lock(); ++i) {
    reader = &readers_[(first + i) % kReaders];
    lock = std::unique_lock(reader->mutex, std::try_to_lock);
  }
  if (!lock.owns_lock()) lock.lock();
  CASTOR_ASSIGN_OR_RETURN(Transaction transaction,
                          Transaction::BeginReading(reader->database.get()));
  return Session(std::move(lock), reader->database.get(), std::move(transaction), &bell_, nullptr);
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string NewId() {
  std::array<uint16_t, 8> random = {};
  // Cannot fail for so few bytes once the system is up.
  (void)::getrandom(random.data(), sizeof(random), 0);
  random[3] = static_cast<uint16_t>((random[3] & 0x0FFF) | 0x4000);
  random[4] = static_cast<uint16_t>((random[4] & 0x3FFF) | 0x8000);
  return fmt::format("{:04x}{:04x}-{:04x}-{:04x}-{:04x}-{:04x}{:04x}{:04x}", random[0], random[1],
                     random[2], random[3], random[4], random[5], random[6], random[7]);
}

}  // namespace castor::platform
