#include "platform/metadata/store.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <chrono>

#include "platform/texts.h"

namespace castor::platform {
namespace {

template <typename Record>
struct Column {
  const char* name;
  std::variant<int64_t Record::*, std::string Record::*> field;
};

// How a record lies in its table: the first `keys` columns tell one from another.
template <typename Record>
struct Table {
  const char* name;
  size_t keys;
  std::vector<Column<Record>> columns;
};

template <typename Record>
const Table<Record>& TableOf();

template <>
const Table<DeploymentRecord>& TableOf() {
  using R = DeploymentRecord;
  static const Table<R> table = {"deployments",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"labels", &R::labels},
                                  {"annotations", &R::annotations},
                                  {"spec", &R::spec},
                                  {"version", &R::version},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<DeploymentStatusRecord>& TableOf() {
  using R = DeploymentStatusRecord;
  static const Table<R> table = {"deployment_status",
                                 1,
                                 {{"deployment", &R::deployment},
                                  {"state", &R::state},
                                  {"message", &R::message},
                                  {"transition_time", &R::transition_time},
                                  {"settled_version", &R::settled_version},
                                  {"failed_starts", &R::failed_starts},
                                  {"failed_savepoints", &R::failed_savepoints},
                                  {"retry_at", &R::retry_at},
                                  {"seen_resource_version", &R::seen_resource_version}}};
  return table;
}

template <>
const Table<VersionRecord>& TableOf() {
  using R = VersionRecord;
  static const Table<R> table = {"versions",
                                 2,
                                 {{"deployment", &R::deployment},
                                  {"version", &R::version},
                                  {"template", &R::template_json},
                                  {"validity", &R::validity},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"begin_with", &R::begin_with},
                                  {"engine", &R::engine},
                                  {"engine_reason", &R::engine_reason}}};
  return table;
}

template <>
const Table<JobRecord>& TableOf() {
  using R = JobRecord;
  static const Table<R> table = {"jobs",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"version", &R::version},
                                  {"spec", &R::spec},
                                  {"restore_from", &R::restore_from},
                                  {"state", &R::state},
                                  {"ending", &R::ending},
                                  {"generation", &R::generation},
                                  {"restarts", &R::restarts},
                                  {"checkpointed", &R::checkpointed},
                                  {"failure_reason", &R::failure_reason},
                                  {"failure_message", &R::failure_message},
                                  {"problem", &R::problem},
                                  {"engine", &R::engine},
                                  {"engine_reason", &R::engine_reason},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at},
                                  {"started_at", &R::started_at},
                                  {"ended_at", &R::ended_at}}};
  return table;
}

template <>
const Table<AttemptRecord>& TableOf() {
  using R = AttemptRecord;
  static const Table<R> table = {"attempts",
                                 2,
                                 {{"job", &R::job},
                                  {"generation", &R::generation},
                                  {"restore_from", &R::restore_from},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<SavepointRecord>& TableOf() {
  using R = SavepointRecord;
  static const Table<R> table = {"savepoints",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"job", &R::job},
                                  {"origin", &R::origin},
                                  {"state", &R::state},
                                  {"location", &R::location},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SecretValueRecord>& TableOf() {
  using R = SecretValueRecord;
  static const Table<R> table = {"secret_values",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"value", &R::value},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<ArtifactRecord>& TableOf() {
  using R = ArtifactRecord;
  static const Table<R> table = {"artifacts",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"size", &R::size},
                                  {"sha256", &R::sha256},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<DeploymentDefaultsRecord>& TableOf() {
  using R = DeploymentDefaultsRecord;
  static const Table<R> table = {"deployment_defaults",
                                 1,
                                 {{"namespace", &R::namespace_name},
                                  {"spec", &R::spec},
                                  {"resource_version", &R::resource_version},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SqlScriptRecord>& TableOf() {
  using R = SqlScriptRecord;
  static const Table<R> table = {"sql_scripts",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"folder", &R::folder},
                                  {"version", &R::version},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<SqlScriptVersionRecord>& TableOf() {
  using R = SqlScriptVersionRecord;
  static const Table<R> table = {"sql_script_versions",
                                 2,
                                 {{"script", &R::script},
                                  {"version", &R::version},
                                  {"text", &R::text},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<EventRecord>& TableOf() {
  using R = EventRecord;
  static const Table<R> table = {"events",
                                 1,
                                 {{"sequence", &R::sequence},
                                  {"id", &R::id},
                                  {"namespace", &R::namespace_name},
                                  {"deployment", &R::deployment},
                                  {"job", &R::job},
                                  {"name", &R::name},
                                  {"message", &R::message},
                                  {"created_at", &R::created_at},
                                  {"actor", &R::actor}}};
  return table;
}

template <>
const Table<UserRecord>& TableOf() {
  using R = UserRecord;
  static const Table<R> table = {"users",
                                 1,
                                 {{"name", &R::name},
                                  {"password", &R::password},
                                  {"is_admin", &R::is_admin},
                                  {"must_change", &R::must_change},
                                  {"resource_version", &R::resource_version},
                                  {"created_at", &R::created_at},
                                  {"modified_at", &R::modified_at}}};
  return table;
}

template <>
const Table<MemberRecord>& TableOf() {
  using R = MemberRecord;
  static const Table<R> table = {"members",
                                 2,
                                 {{"namespace", &R::namespace_name},
                                  {"user", &R::user},
                                  {"role", &R::role},
                                  {"created_at", &R::created_at}}};
  return table;
}

template <>
const Table<LoginRecord>& TableOf() {
  using R = LoginRecord;
  static const Table<R> table = {"logins",
                                 1,
                                 {{"digest", &R::digest},
                                  {"user", &R::user},
                                  {"created_at", &R::created_at},
                                  {"expires_at", &R::expires_at}}};
  return table;
}

template <>
const Table<TokenRecord>& TableOf() {
  using R = TokenRecord;
  static const Table<R> table = {"tokens",
                                 1,
                                 {{"id", &R::id},
                                  {"sequence", &R::sequence},
                                  {"digest", &R::digest},
                                  {"user", &R::user},
                                  {"namespace", &R::namespace_name},
                                  {"name", &R::name},
                                  {"role", &R::role},
                                  {"created_by", &R::created_by},
                                  {"created_at", &R::created_at},
                                  {"last_used_at", &R::last_used_at}}};
  return table;
}

template <>
const Table<AuditRecord>& TableOf() {
  using R = AuditRecord;
  static const Table<R> table = {"audit",
                                 1,
                                 {{"sequence", &R::sequence},
                                  {"created_at", &R::created_at},
                                  {"actor", &R::actor},
                                  {"address", &R::address},
                                  {"operation", &R::operation},
                                  {"namespace", &R::namespace_name},
                                  {"resource", &R::resource},
                                  {"resource_version", &R::resource_version},
                                  {"status", &R::status},
                                  {"message", &R::message}}};
  return table;
}

template <typename Record>
std::string ColumnList(const Table<Record>& table) {
  std::string list;
  for (const auto& column : table.columns)
    list += (list.empty() ? "" : ", ") + std::string(column.name);
  return list;
}

template <typename Record>
Record ReadRecord(const Table<Record>& table, const Row& row) {
  Record record;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (const auto* integer = std::get_if<int64_t Record::*>(&table.columns[i].field)) {
      record.*(*integer) = row.Integer(i);
    } else {
      record.*std::get<std::string Record::*>(table.columns[i].field) = row.Text(i);
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
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      database_->Query(fmt::format("SELECT {} FROM {} {}", ColumnList(table), table.name, clause),
                       values));
  std::vector<Record> records;
  for (const Row& row : rows) records.push_back(ReadRecord(table, row));
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
Result<int64_t> Session::NextSequence() {
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows, database_->Query(fmt::format("SELECT COALESCE(MAX(sequence), 0) + 1 FROM {}",
                                                    TableOf<Record>().name)));
  return rows.at(0).Integer(0);
}

#define CASTOR_PLATFORM_RECORD(Record)                                                     \
  template Result<std::vector<Record>> Session::Select<Record>(std::string_view,           \
                                                               const std::vector<Value>&); \
  template Result<std::optional<Record>> Session::Find<Record>(std::string_view,           \
                                                               const std::vector<Value>&); \
  template Status Session::Save<Record>(const Record&);                                    \
  template Status Session::Remove<Record>(const Record&)
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
CASTOR_PLATFORM_RECORD(EventRecord);
CASTOR_PLATFORM_RECORD(UserRecord);
CASTOR_PLATFORM_RECORD(MemberRecord);
CASTOR_PLATFORM_RECORD(LoginRecord);
CASTOR_PLATFORM_RECORD(TokenRecord);
CASTOR_PLATFORM_RECORD(AuditRecord);
#undef CASTOR_PLATFORM_RECORD
template Result<int64_t> Session::NextSequence<DeploymentRecord>();
template Result<int64_t> Session::NextSequence<JobRecord>();
template Result<int64_t> Session::NextSequence<SqlScriptRecord>();
template Result<int64_t> Session::NextSequence<SavepointRecord>();
template Result<int64_t> Session::NextSequence<TokenRecord>();

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
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Result<Session> Store::Begin(std::shared_ptr<ChangeNote> note) {
  std::unique_lock lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_.get()));
  return Session(std::move(lock), database_.get(), std::move(transaction), &bell_, std::move(note));
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
