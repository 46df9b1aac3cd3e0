// Status and Result: how every module of the engine reports failure.
//
// A Status is OK or carries a code and a message. The message says what happened, where (line,
// option, record, offset) and what to do about it; callers add context with `WithContext`. The OK
// status is one null pointer, so returning it costs nothing. Neither type is thread-safe to mutate;
// both may be moved between threads. Exceptions never cross a module boundary: libraries that throw
// are wrapped where they are called.
#pragma once

#include <cassert>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace castor {

enum class StatusCode : unsigned char {
  kOk = 0,
  kInvalidArgument,    // the user's script, option or command line is wrong
  kNotFound,           // a file, table or snapshot that should exist does not
  kUnsupported,        // valid Flink SQL that this engine refuses by name
  kDataError,          // a record cannot be read, or an expression fails on a row
  kIoError,            // the operating system or a remote service failed
  kCorruption,         // bytes written by us do not verify
  kIncompatible,       // a snapshot or plan of another version or shape
  kResourceExhausted,  // memory or disk limit
  kCancelled,          // the job is being stopped
  kInternal,           // a bug in Castor
};

std::string_view StatusCodeName(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message);
  Status(const Status& other);
  Status& operator=(const Status& other);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;

  static Status OK() { return {}; }
  static Status InvalidArgument(std::string m) {
    return {StatusCode::kInvalidArgument, std::move(m)};
  }
  static Status NotFound(std::string m) { return {StatusCode::kNotFound, std::move(m)}; }
  static Status Unsupported(std::string m) { return {StatusCode::kUnsupported, std::move(m)}; }
  static Status DataError(std::string m) { return {StatusCode::kDataError, std::move(m)}; }
  static Status IoError(std::string m) { return {StatusCode::kIoError, std::move(m)}; }
  static Status Corruption(std::string m) { return {StatusCode::kCorruption, std::move(m)}; }
  static Status Incompatible(std::string m) { return {StatusCode::kIncompatible, std::move(m)}; }
  static Status ResourceExhausted(std::string m) {
    return {StatusCode::kResourceExhausted, std::move(m)};
  }
  static Status Cancelled(std::string m) { return {StatusCode::kCancelled, std::move(m)}; }
  static Status Internal(std::string m) { return {StatusCode::kInternal, std::move(m)}; }

  bool ok() const { return rep_ == nullptr; }
  StatusCode code() const { return rep_ ? rep_->code : StatusCode::kOk; }
  const std::string& message() const;

  // The same status with `context` put before its message; OK stays OK.
  Status WithContext(std::string_view context) const;

  // "<code name>: <message>", or "OK".
  std::string ToString() const;

 private:
  struct Rep {
    StatusCode code;
    std::string message;
  };
  std::unique_ptr<const Rep> rep_;
};

// Either a value or the Status that explains why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : value_(std::in_place_index<1>, std::move(value)) {}  // NOLINT: implicit by design
  Result(Status status) : value_(std::in_place_index<0>, std::move(status)) {  // NOLINT: implicit
    assert(!std::get<0>(value_).ok() && "an OK status is not a result");
  }

  bool ok() const { return value_.index() == 1; }
  Status status() const { return ok() ? Status::OK() : std::get<0>(value_); }

  T& value() & { return std::get<1>(value_); }
  const T& value() const& { return std::get<1>(value_); }
  T&& value() && { return std::get<1>(std::move(value_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<Status, T> value_;
};

}  // namespace castor

#define CASTOR_CONCAT_INNER(a, b) a##b
#define CASTOR_CONCAT(a, b) CASTOR_CONCAT_INNER(a, b)

// Leaves the function with the status of `expr` unless it is OK.
#define CASTOR_RETURN_NOT_OK(expr)                                                          \
  do {                                                                                      \
    if (::castor::Status castor_status = (expr); !castor_status.ok()) return castor_status; \
  } while (false)

#define CASTOR_ASSIGN_OR_RETURN_IMPL(result, lhs, expr) \
  auto result = (expr);                                 \
  if (!result.ok()) return result.status();             \
  lhs = std::move(result).value()

// Assigns the value of the Result `expr` to `lhs` (which may declare), or leaves with its status.
#define CASTOR_ASSIGN_OR_RETURN(lhs, expr) \
  CASTOR_ASSIGN_OR_RETURN_IMPL(CASTOR_CONCAT(castor_result_, __LINE__), lhs, expr)
