#include "format/csv/record_reader.h"

#include <cstring>

namespace castor::format::csv {
namespace {

std::string SpecialBytes(const CsvOptions& options) {
  std::string bytes = {options.delimiter, '\n', '\r'};
  if (options.quote) bytes += *options.quote;
  if (options.escape) bytes += *options.escape;
  return bytes;
}

char UnescapedCharacter(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

RecordReader::RecordReader(const CsvOptions& options)
    : delimiter_(options.delimiter),
      quote_(options.quote ? static_cast<unsigned char>(*options.quote) : -1),
      escape_(options.escape ? static_cast<unsigned char>(*options.escape) : -1),
      allow_comments_(options.allow_comments),
      trim_(options.trim_spaces),
      index_(SpecialBytes(options)) {}

void RecordReader::Start(std::string_view text, bool last) {
  index_.Build(text);
  text_ = text.data();
  end_ = text_ + text.size();
  last_ = last;
  at_ = text_;
  next_ = index_.positions();
}

// With comments allowed Jackson passes over empty lines and leading spaces as well.
bool RecordReader::SkipToRecord() {
  while (allow_comments_ && at_ < end_) {
    if (*at_ == '#') {
      const char* line_end = at_;
      while (line_end < end_ && *line_end != '\n' && *line_end != '\r') ++line_end;
      if (line_end == end_ && !last_) return false;
      at_ = line_end;
    } else if (*at_ == '\n' || *at_ == '\r' || *at_ == ' ') {
      ++at_;
    } else {
      break;
    }
  }
  SyncSpecials();
  return at_ < end_;
}

RecordReader::Outcome RecordReader::Next() {
  if (!SkipToRecord()) return Outcome::kEnd;
  const uint32_t* const first_special = next_;
  record_ = at_;
  count_ = 0;
  scratch_.clear();
  bool bad = false;
  while (true) {
    switch (ReadValue()) {
      case After::kValue:
        break;
      case After::kRecordEnd:
        return bad ? Outcome::kBad : Outcome::kRecord;
      case After::kIncomplete:
        return GiveBack(first_special);
      case After::kError:
        bad = true;  // the rest of the line is passed over, value by value
        if (at_ < end_) break;
        if (!last_) return GiveBack(first_special);
        record_end_ = end_;
        return Outcome::kBad;
    }
  }
}

RecordReader::Outcome RecordReader::GiveBack(const uint32_t* first_special) {
  at_ = record_;
  next_ = first_special;
  return Outcome::kIncomplete;
}

RecordReader::After RecordReader::ReadValue() {
  if (trim_) {
    while (at_ < end_ && IsBlank(*at_)) ++at_;
    SyncSpecials();
  }
  if (at_ < end_ && static_cast<unsigned char>(*at_) == quote_) return ReadQuoted();
  return ReadUnquoted();
}

RecordReader::After RecordReader::ReadUnquoted() {
  const char* const begin = at_;
  bool escaped = false;
  const char* p = Special(next_);
  while (p < end_) {
    const char c = *p;
    if (c == delimiter_ || c == '\n' || c == '\r') break;
    ++next_;  // a quote inside a value is nothing special
    if (static_cast<unsigned char>(c) == escape_) {
      escaped = true;
      if (Special(next_) == p + 1 && p + 1 < end_) ++next_;
      if (p + 1 == end_ && last_) return Fail("the input ends inside an escape", end_);
    }
    p = Special(next_);
  }
  if (p >= end_ && !last_) return After::kIncomplete;
  const char* stop = p;
  if (escaped) {
    AddUnescaped(begin, stop, false);
  } else {
    if (trim_) {
      while (stop > begin && static_cast<unsigned char>(stop[-1]) <= ' ') --stop;
    }
    AddValue(begin, stop);
  }
  return EndAt(p);
}

RecordReader::After RecordReader::ReadQuoted() {
  const char* const begin = at_ + 1;
  bool dirty = false;
  ++next_;
  const char* p = Special(next_);
  while (true) {
    if (p >= end_) return last_ ? Fail("a quote is not closed", end_) : After::kIncomplete;
    const auto c = static_cast<unsigned char>(*p);
    if (c == quote_) {
      if (p + 1 == end_ && !last_) return After::kIncomplete;
      if (p + 1 == end_ || static_cast<unsigned char>(p[1]) != quote_) break;
      dirty = true;
      next_ += 2;
    } else if (c == escape_) {
      if (p + 1 >= end_) {
        return last_ ? Fail("the input ends inside an escape", end_) : After::kIncomplete;
      }
      dirty = true;
      ++next_;
      if (Special(next_) == p + 1) ++next_;
    } else {
      ++next_;
    }
    p = Special(next_);
  }
  if (dirty) {
    AddUnescaped(begin, p, true);
  } else {
    AddValue(begin, p);
  }
  ++p;
  while (p < end_ && IsBlank(*p)) ++p;
  if (p == end_ && !last_) return After::kIncomplete;
  if (p < end_ && *p != delimiter_ && *p != '\n' && *p != '\r') {
    return Fail("text between a closing quote and the next delimiter", p + 1);
  }
  return EndAt(p);
}

// `p` stands on the delimiter or line end behind a value, or at the end of the input.
RecordReader::After RecordReader::EndAt(const char* p) {
  if (p < end_ && *p == delimiter_) {
    at_ = p + 1;
    SyncSpecials();
    // A delimiter that ends the text: another value follows, be it empty.
    if (at_ == end_ && !last_) return After::kIncomplete;
    return After::kValue;
  }
  record_end_ = p;
  if (p < end_) {
    const char* behind = p;
    if (!TakesLineEnd(&behind)) return After::kIncomplete;
    p = behind;
  }
  at_ = p;
  SyncSpecials();
  return After::kRecordEnd;
}

// False when a line feed may follow the carriage return that ends the text.
bool RecordReader::TakesLineEnd(const char** p) const {
  if (**p == '\r') {
    if (*p + 1 == end_ && !last_) return false;
    if (*p + 1 < end_ && (*p)[1] == '\n') ++*p;
  }
  ++*p;
  return true;
}

RecordReader::After RecordReader::Fail(const char* message, const char* resume_at) {
  error_ = message;
  at_ = resume_at;
  SyncSpecials();
  return After::kError;
}

void RecordReader::AddValue(const char* begin, const char* end) {
  const Value value{begin, 0, static_cast<size_t>(end - begin)};
  if (count_ < values_.size()) {
    values_[count_] = value;
  } else {
    values_.push_back(value);
  }
  ++count_;
}

void RecordReader::AddUnescaped(const char* begin, const char* end, bool quoted) {
  const size_t offset = scratch_.size();
  for (const char* p = begin; p < end; ++p) {
    const auto c = static_cast<unsigned char>(*p);
    if (c == escape_ && p + 1 < end) {
      scratch_ += UnescapedCharacter(*++p);
    } else {
      scratch_ += *p;
      if (quoted && c == quote_) ++p;  // the second of a doubled quote
    }
  }
  if (!quoted && trim_) {
    while (scratch_.size() > offset && static_cast<unsigned char>(scratch_.back()) <= ' ') {
      scratch_.pop_back();
    }
  }
  AddValue(nullptr, nullptr);
  values_[count_ - 1] = {nullptr, offset, scratch_.size() - offset};
}

}  // namespace castor::format::csv
