// The embedded database: SQL in, rows out.
//
// One connection, whose user serialises calls (Store does). A transaction is durable when Commit
// has returned. Errors are SQLite's, with the statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace castor::platform {

using Value = std::variant<int64_t, double, std::string, std::nullptr_t>;

class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  // Column i, which has that type in the schema.
  int64_t Integer(size_t i) const { return std::get<int64_t>(values_[i]); }
  const std::string& Text(size_t i) const { return std::get<std::string>(values_[i]); }
  // The same, which it has no longer.
  std::string TakeText(size_t i) { return std::move(std::get<std::string>(values_[i])); }
  // Any number; nothing for NULL.
  std::optional<double> Number(size_t i) const {
    if (const auto* real = std::get_if<double>(&values_[i])) return *real;
    if (const auto* integer = std::get_if<int64_t>(&values_[i])) {
      return static_cast<double>(*integer);
    }
    return std::nullopt;
  }

 private:
  std::vector<Value> values_;
};

class Database {
 public:
  // Makes the file if there is none.
  static Result<std::unique_ptr<Database>> Open(const std::string& path);
  // Of a file that there is. What would change it is an error.
  static Result<std::unique_ptr<Database>> OpenToRead(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // One statement; `?` in it stand for the values.
  Result<std::vector<Row>> Query(std::string_view sql, const std::vector<Value>& values = {});
  Status Run(std::string_view sql, const std::vector<Value>& values = {});
  // As it is now, into a file that is not there yet; others may write meanwhile.
  Status CopyTo(const std::string& path);
  // Several statements, without values.
  Status RunScript(std::string_view sql);

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalizer>;

  explicit Database(sqlite3* connection) : connection_(connection) {}
  static Result<std::unique_ptr<Database>> Connect(const std::string& path);
  Status Error(std::string_view sql) const;
  Result<sqlite3_stmt*> Prepare(std::string_view sql);

  sqlite3* connection_;
  // Ready to run again: reading a statement costs more than most of them do.
  std::map<std::string, Statement, std::less<>> statements_;
};

// From construction to Commit; without it the destructor takes everything back.
class Transaction {
 public:
  static Result<Transaction> Begin(Database* database);
  // Sees the database as it is when it looks first; others may write meanwhile.
  static Result<Transaction> BeginReading(Database* database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Status Commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;  // null once it is over
};

// Brings the schema to the newest version. kIncompatible: a newer Castor has written the file.
Status Migrate(Database* database, const std::vector<std::string_view>& migrations);

}  // namespace castor::platform
