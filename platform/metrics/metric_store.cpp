#include "platform/metrics/metric_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace castor::platform {
namespace {

// "f(a), f(b)" for the series that there are, where f is what gathers each.
template <typename Format>
std::string List(const Format& format) {
  std::string list;
  for (const JobSeries& series : AllJobSeries()) {
    list += (list.empty() ? "" : ", ") + format(series);
  }
  return list;
}

std::string Names() {
  return List([](const JobSeries& series) { return fmt::format("\"{}\"", series.name); });
}

std::string Gathered() {
  return List([](const JobSeries& series) {
    return fmt::format("{}(\"{}\")", series.gather, series.name);
  });
}

}  // namespace

Result<std::unique_ptr<MetricStore>> MetricStore::Open(const std::string& path, int64_t max_bytes) {
  CASTOR_ASSIGN_OR_RETURN(auto database, Database::Open(path));
  std::unique_ptr<MetricStore> store(new MetricStore(std::move(database), max_bytes));
  CASTOR_RETURN_NOT_OK(store->MakeTables());
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      store->database_->Query("SELECT COALESCE(MAX(time) + ?, 0) FROM minutes", {kMinuteMs}));
  store->minutes_until_ = rows.at(0).Integer(0);
  return store;
}

Status MetricStore::MakeTables() {
  for (const char* table : {"samples", "minutes"}) {
    CASTOR_RETURN_NOT_OK(database_->Run(fmt::format(
        "CREATE TABLE IF NOT EXISTS {} (deployment TEXT NOT NULL, time INTEGER NOT NULL, "
        "PRIMARY KEY (deployment, time)) WITHOUT ROWID",
        table)));
    CASTOR_RETURN_NOT_OK(AddColumns(table));
    // What is forgotten is found by its time.
    CASTOR_RETURN_NOT_OK(database_->Run(
        fmt::format("CREATE INDEX IF NOT EXISTS {}_by_time ON {} (time)", table, table)));
  }
  return Status::OK();
}

Status MetricStore::AddColumns(const std::string& table) {
  CASTOR_ASSIGN_OR_RETURN(const auto rows,
                          database_->Query("SELECT name FROM pragma_table_info(?)", {table}));
  std::set<std::string> known;
  for (const Row& row : rows) known.insert(row.Text(0));
  for (const JobSeries& series : AllJobSeries()) {
    if (known.contains(series.name)) continue;
    CASTOR_RETURN_NOT_OK(
        database_->Run(fmt::format("ALTER TABLE {} ADD COLUMN \"{}\" REAL", table, series.name)));
  }
  return Status::OK();
}

Status MetricStore::Record(int64_t now, const std::vector<Sample>& samples) {
  const std::lock_guard lock(mutex_);
  CASTOR_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_.get()));
  for (const Sample& sample : samples) CASTOR_RETURN_NOT_OK(Insert(now, sample));
  const int64_t minute = now / kMinuteMs * kMinuteMs;
  const bool has_passed = minute > minutes_until_;
  if (has_passed) {
    CASTOR_RETURN_NOT_OK(MakeMinutes(minute));
    CASTOR_RETURN_NOT_OK(Forget(now));
  }
  CASTOR_RETURN_NOT_OK(transaction.Commit());
  if (has_passed) minutes_until_ = minute;
  return Status::OK();
}

Status MetricStore::Insert(int64_t now, const Sample& sample) {
  static const std::string sql =
      fmt::format("INSERT OR REPLACE INTO samples (deployment, time, {}) VALUES (?, ?, {})",
                  Names(), List([](const JobSeries&) { return std::string("?"); }));
  std::vector<Value> values = {sample.deployment, now};
  for (const std::optional<double>& value : sample.values) {
    values.push_back(value ? Value(*value) : Value(nullptr));
  }
  return database_->Run(sql, values);
}

Status MetricStore::MakeMinutes(int64_t until) {
  static const std::string sql = fmt::format(
      "INSERT OR REPLACE INTO minutes (deployment, time, {}) SELECT deployment, time / ? * ?, {} "
      "FROM samples WHERE time >= ? AND time < ? GROUP BY deployment, time / ?",
      Names(), Gathered());
  return database_->Run(sql, {kMinuteMs, kMinuteMs, minutes_until_, until, kMinuteMs});
}

Status MetricStore::Forget(int64_t now) {
  CASTOR_RETURN_NOT_OK(
      database_->Run("DELETE FROM samples WHERE time < ?", {now - kSamplesKeptMs - kMinuteMs}));
  CASTOR_RETURN_NOT_OK(
      database_->Run("DELETE FROM minutes WHERE time < ?", {now - kMinutesKeptMs}));
  return KeepWithinBytes();
}

Status MetricStore::KeepWithinBytes() {
  // Of all minutes the oldest eighth, as often as that is needed.
  constexpr int64_t kPart = 8;
  while (true) {
    CASTOR_ASSIGN_OR_RETURN(const int64_t used, UsedBytes());
    if (used <= max_bytes_) return Status::OK();
    CASTOR_ASSIGN_OR_RETURN(const auto rows,
                            database_->Query("SELECT COALESCE(MIN(time), 0), "
                                             "COALESCE(MAX(time), 0), COUNT(*) FROM minutes"));
    if (rows.at(0).Integer(2) == 0) return Status::OK();
    const int64_t oldest = rows[0].Integer(0);
    const int64_t keep_from = oldest + std::max((rows[0].Integer(1) - oldest) / kPart, kMinuteMs);
    CASTOR_RETURN_NOT_OK(database_->Run("DELETE FROM minutes WHERE time < ?", {keep_from}));
  }
}

// Without pages that are free: they are filled before the file grows.
Result<int64_t> MetricStore::UsedBytes() {
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      database_->Query("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, "
                       "pragma_freelist_count, pragma_page_size"));
  return rows.at(0).Integer(0);
}

Result<std::vector<std::vector<std::optional<double>>>> MetricStore::Read(const Query& query) {
  std::string columns, gathered;
  for (const JobSeries* series : query.series) {
    columns += fmt::format(", \"{}\"", series->name);
    gathered += fmt::format(", {}(\"{}\")", series->gather, series->name);
  }
  const auto steps = static_cast<size_t>(
      std::max<int64_t>(0, (query.to - query.from + query.step - 1)) / query.step);
  const std::lock_guard lock(mutex_);
  // What has not become minutes yet is read from the samples.
  const int64_t samples_from = query.step < kMinuteMs ? query.from : minutes_until_;
  const std::string sql = fmt::format(
      "SELECT (time - ?) / ?{} FROM (SELECT time{} FROM samples WHERE deployment = ? AND time >= ? "
      "AND time >= ? AND time < ? UNION ALL SELECT time{} FROM minutes WHERE deployment = ? AND "
      "time >= ? AND time < ? AND time < ?) GROUP BY 1",
      gathered, columns, columns);
  CASTOR_ASSIGN_OR_RETURN(
      const auto rows,
      database_->Query(sql, {query.from, query.step, query.deployment, query.from, samples_from,
                             query.to, query.deployment, query.from, query.to, samples_from}));
  std::vector<std::vector<std::optional<double>>> all(query.series.size(),
                                                      std::vector<std::optional<double>>(steps));
  for (const Row& row : rows) {
    const auto step = static_cast<size_t>(row.Integer(0));
    for (size_t i = 0; i < all.size(); ++i) all[i][step] = row.Number(i + 1);
  }
  return all;
}

}  // namespace castor::platform
