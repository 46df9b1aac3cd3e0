// Many accesses that are asked for at once, as Java puts them into one message, and answers for
// all.
//
// A message is the count (i32), then for each request its kind, table, key group, bytes of key, of
// user key and of value (i32 each), the time of what is written (i64), and these bytes; all numbers
// as the machine has them. Answers begin with a directory: of each request where its answer is and
// its size (i32 each; kAbsent: there is none). Not thread-safe; of whoever runs batches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "flink/state-backend/native/exchange.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/keys.h"

namespace castor::flink {

// Numbers as they stand in messages.
enum class RequestKind : int32_t {
  kGet = 0,
  kPut = 1,
  kRemove = 2,
  kGetEntry = 3,
  kPutEntry = 4,
  kRemoveEntry = 5,
  kEntries = 6,
  kHasEntries = 7,  // the size is 0 or 1, and nothing is there
  kElements = 8,
  kAppend = 9,
  kClear = 10,
};

struct Request {
  RequestKind kind;
  uint32_t table;
  uint32_t group;
  int64_t time;
  std::string_view key;
  std::string_view user_key;
  std::string_view value;
};

class RequestBatch {
 public:
  // Views into the message. kInternal for one that is cut short.
  Status Parse(std::string_view message);

  const std::vector<Request>& requests() const { return requests_; }
  // The numbers of requests, those of a table together and in their order.
  const std::vector<uint32_t>& by_table() const { return by_table_; }

  Exchange& message() { return message_; }
  Exchange& answers() { return answers_; }

  void BeginAnswers();
  // Of the request of this number, piece by piece; one after the other.
  void BeginAnswer() { begin_ = static_cast<int64_t>(size_); }
  void AddToAnswer(std::string_view bytes) { answers_.Append(bytes, &size_); }
  char* ExtendAnswer(size_t bytes) { return answers_.Extend(bytes, &size_); }
  void EndAnswer(uint32_t number) {
    SetEntry(number, begin_, static_cast<int64_t>(size_) - begin_);
  }
  void AnswerSize(uint32_t number, int64_t size) { SetEntry(number, 0, size); }
  // kResourceExhausted: more than Java can address.
  Result<int64_t> EndAnswers() const;

 private:
  void SetEntry(uint32_t number, int64_t begin, int64_t size);

  Exchange message_;
  Exchange answers_;
  std::vector<Request> requests_;
  std::vector<uint32_t> by_table_;
  size_t size_ = 0;    // of the answers
  int64_t begin_ = 0;  // of the answer at hand
};

}  // namespace castor::flink
