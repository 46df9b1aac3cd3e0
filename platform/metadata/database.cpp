#include "platform/metadata/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace castor::platform {
namespace {

constexpr size_t kMostStatements = 200;

// Ends a run, so that the statement neither holds a lock nor values.
struct Reset {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

// Binds one value at its place. Texts outlive the statement.
struct Binder {
  sqlite3_stmt* statement;
  int place;

  void operator()(int64_t integer) const { sqlite3_bind_int64(statement, place, integer); }
  void operator()(double real) const { sqlite3_bind_double(statement, place, real); }
  void operator()(const std::string& text) const {
    sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void operator()(std::nullptr_t) const { sqlite3_bind_null(statement, place); }
};

void Bind(sqlite3_stmt* statement, const std::vector<Value>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    std::visit(Binder{statement, static_cast<int>(i) + 1}, values[i]);
  }
}

Value ReadValue(sqlite3_stmt* statement, int i) {
  switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER:
      return int64_t{sqlite3_column_int64(statement, i)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, i);
    case SQLITE_NULL:
      return nullptr;
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      return std::string(text, static_cast<size_t>(sqlite3_column_bytes(statement, i)));
    }
  }
}

Row ReadRow(sqlite3_stmt* statement) {
  std::vector<Value> values;
  values.reserve(static_cast<size_t>(sqlite3_column_count(statement)));
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    values.push_back(ReadValue(statement, i));
  }
  return Row(std::move(values));
}

}  // namespace

Result<std::unique_ptr<Database>> Database::Connect(const std::string& path) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<Database> database(new Database(connection));
  if (code != SQLITE_OK) {
    return Status::IoError("cannot open " + path + ": " + sqlite3_errmsg(connection));
  }
  return database;
}

Result<std::unique_ptr<Database>> Database::OpenToRead(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto database, Connect(path));
  CASTOR_RETURN_NOT_OK(database->RunScript("PRAGMA query_only = ON; PRAGMA busy_timeout = 10000"));
  return database;
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto database, Connect(path));
  // FULL: what is committed survives the machine, too.
  CASTOR_RETURN_NOT_OK(database->RunScript(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
      "PRAGMA busy_timeout = 10000"));
  return database;
}

Database::~Database() {
  statements_.clear();
  sqlite3_close_v2(connection_);
}

void Database::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Status Database::Error(std::string_view sql) const {
  return Status::IoError(fmt::format("database: {} ({})", sqlite3_errmsg(connection_), sql));
}

Result<sqlite3_stmt*> Database::Prepare(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second.get();
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return Error(sql);
  }
  if (statements_.size() >= kMostStatements) statements_.clear();
  statements_.emplace(sql, statement);
  return statement;
}

Result<std::vector<Row>> Database::Query(std::string_view sql, const std::vector<Value>& values) {
  CASTOR_ASSIGN_OR_RETURN(sqlite3_stmt * raw, Prepare(sql));
  const std::unique_ptr<sqlite3_stmt, Reset> run(raw);
  Bind(raw, values);
  std::vector<Row> rows;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) rows.push_back(ReadRow(raw));
  if (code != SQLITE_DONE) return Error(sql);
  return rows;
}

Status Database::Run(std::string_view sql, const std::vector<Value>& values) {
  return Query(sql, values).status();
}

Status Database::RunScript(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(connection_, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return Status::OK();
  }
  return Error("script");
}

Status Database::CopyTo(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto copy, Connect(path));
  sqlite3_backup* backup = sqlite3_backup_init(copy->connection_, "main", connection_, "main");
  if (backup == nullptr) return copy->Error("backup");
  // All at once: who writes meanwhile goes on in the log, and makes it not begin anew.
  (void)sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) == SQLITE_OK) return Status::OK();
  return copy->Error("backup");
}

Result<Transaction> Transaction::Begin(Database* database) {
  CASTOR_RETURN_NOT_OK(database->Run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Result<Transaction> Transaction::BeginReading(Database* database) {
  CASTOR_RETURN_NOT_OK(database->Run("BEGIN"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A failing rollback leaves nothing to do: the connection takes back what is not committed.
  if (database_ != nullptr) (void)database_->Run("ROLLBACK").ok();
}

Status Transaction::Commit() {
  CASTOR_RETURN_NOT_OK(database_->Run("COMMIT"));
  database_ = nullptr;
  return Status::OK();
}

Status Migrate(Database* database, const std::vector<std::string_view>& migrations) {
  CASTOR_ASSIGN_OR_RETURN(const auto rows, database->Query("PRAGMA user_version"));
  const auto known = static_cast<int64_t>(migrations.size());
  const int64_t version = rows.at(0).Integer(0);
  if (version > known) {
    return Status::Incompatible(fmt::format(
        "the database has schema {}, this Castor knows up to {}: a newer one has written it",
        version, known));
  }
  for (int64_t next = version + 1; next <= known; ++next) {
    CASTOR_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database));
    CASTOR_RETURN_NOT_OK(database->RunScript(migrations[static_cast<size_t>(next - 1)]));
    CASTOR_RETURN_NOT_OK(database->Run(fmt::format("PRAGMA user_version = {}", next)));
    CASTOR_RETURN_NOT_OK(transaction.Commit());
  }
  return Status::OK();
}

}  // namespace castor::platform
