// Cuts CSV text into records and values, as Jackson's CsvDecoder does.
//
// A record is a list of values; they point into the text, or into the reader where a quote or
// escape had to be taken out. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "format/csv/csv_options.h"
#include "format/csv/special_index.h"

namespace castor::format::csv {

class RecordReader {
 public:
  enum class Outcome : uint8_t {
    kRecord,
    kBad,         // `error` says why; the reader stands behind the record
    kIncomplete,  // the text ends inside the record; the reader stands where it began
    kEnd,         // no further record begins in the text
  };

  explicit RecordReader(const CsvOptions& options);

  // `last`: the text ends the input. It must stay where it is while records are read.
  void Start(std::string_view text, bool last);
  Outcome Next();

  // Of the latest record. Values beyond `kept` columns are counted, not kept.
  size_t value_count() const { return count_; }
  std::string_view value(size_t i) const {
    const Value& value = values_[i];
    return {value.data == nullptr ? scratch_.data() + value.offset : value.data, value.size};
  }
  std::string_view record() const { return {record_, static_cast<size_t>(record_end_ - record_)}; }
  const std::string& error() const { return error_; }
  // How far the text is read: behind the latest record with its line end.
  size_t position() const { return static_cast<size_t>(at_ - text_); }

 private:
  // What stands behind a value.
  enum class After : uint8_t { kValue, kRecordEnd, kIncomplete, kError };
  struct Value {
    const char* data;  // null: in the scratch text at `offset`
    size_t offset;
    size_t size;
  };

  bool SkipToRecord();
  Outcome GiveBack(const uint32_t* first_special);
  After ReadValue();
  After ReadQuoted();
  After ReadUnquoted();
  After EndAt(const char* p);
  void AddValue(const char* begin, const char* end);
  void AddUnescaped(const char* begin, const char* end, bool quoted);
  After Fail(const char* message, const char* resume_at);
  const char* Special(const uint32_t* position) const { return text_ + *position; }
  void SyncSpecials() {
    while (Special(next_) < at_) ++next_;
  }
  bool TakesLineEnd(const char** p) const;
  bool IsBlank(char c) const {
    return static_cast<unsigned char>(c) <= ' ' && c != delimiter_ && c != '\r' && c != '\n';
  }

  const char delimiter_;
  const int quote_;   // -1: none
  const int escape_;  // -1: none
  const bool allow_comments_;
  const bool trim_;
  SpecialIndex index_;

  const char* text_ = nullptr;
  const char* end_ = nullptr;
  bool last_ = false;
  const char* at_ = nullptr;
  const uint32_t* next_ = nullptr;  // first special character at or behind `at_`
  const char* record_ = nullptr;
  const char* record_end_ = nullptr;
  std::vector<Value> values_;
  size_t count_ = 0;
  std::string scratch_;
  std::string error_;
};

}  // namespace castor::format::csv
