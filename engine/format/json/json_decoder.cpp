#include "format/json/json_decoder.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "format/api/decode_check.h"
#include "format/json/json_field.h"
#include "format/json/json_token.h"

namespace castor::format::json {
namespace {

// Text checked at once: stays in the second-level cache while it is decoded.
constexpr size_t kWindowBytes = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

const char* FindLineEnd(const char* from, const char* end) {
  return static_cast<const char*>(std::memchr(from, '\n', static_cast<size_t>(end - from)));
}

// Behind the last line end of a text; null: it has none.
const char* BehindLastLine(const char* from, size_t size) {
  const void* const line_end = ::memrchr(from, '\n', size);
  return line_end == nullptr ? nullptr : static_cast<const char*>(line_end) + 1;
}

bool IsUtf8(const char* from, const char* end) {
  return simdjson::validate_utf8(from, static_cast<size_t>(end - from));
}

class JsonDecoder final : public BlockDecoder {
 public:
  JsonDecoder(const DecodeSpec& spec, const JsonOptions& options) {
    context_.options = options;
    std::vector<FieldReader> fields;
    // The produced row may rename: keys are the names of the physical row.
    for (size_t i = 0; i < spec.projection.size(); ++i) {
      const auto index = static_cast<size_t>(spec.projection[i].front());
      const LogicalType& type = spec.produced_row.fields()[i].type;
      fields.emplace_back(spec.physical_row.fields()[index].name, type, &context_);
      builders_.emplace_back(type);
    }
    for (size_t i = 0; i < fields.size(); ++i) fields[i].Bind(&builders_[i]);
    object_ = std::make_unique<ObjectReader>(std::move(fields), &context_);
  }

  Status Decode(std::string_view block, bool last, int32_t max_rows, Decoded* decoded) override {
    decoded->bad.clear();
    rows_ = 0;
    Reserve(std::max(max_rows, 1));
    const char* const start = block.data();
    const char* const end = start + block.size();
    const char* at = start;
    while (at < end && rows_ < max_rows) {
      const auto offset = static_cast<size_t>(at - start);
      if (const char* window_end = WindowEnd(at, end, max_rows - rows_); window_end != nullptr) {
        at = DecodeLines(at, window_end, offset, max_rows, decoded);
      } else {
        if (!last) break;
        DecodeUnendedLine({at, static_cast<size_t>(end - at)}, offset, decoded);
        at = end;
      }
    }
    decoded->consumed = static_cast<size_t>(at - start);
    if (rows_ > 0) {
      average_ = std::max<size_t>(decoded->consumed / static_cast<size_t>(rows_), 1);
    }
    FinishBatch(&decoded->batch);
    return Status::OK();
  }

  size_t SkipRecord(std::string_view text) const override { return text.find('\n') + 1; }

 private:
  void Reserve(int32_t rows) {
    for (ColumnBuilder& builder : builders_) builder.Reserve(rows);
    capacity_ = rows;
  }

  void FinishBatch(Batch* batch) {
    batch->num_rows = rows_;
    batch->columns.clear();
    for (ColumnBuilder& builder : builders_) batch->columns.push_back(builder.Finish(rows_));
  }

  // Behind the last whole line that is worth checking for `rows` more rows; null: no whole line.
  const char* WindowEnd(const char* at, const char* end, int32_t rows) const {
    const auto size = static_cast<size_t>(end - at);
    const size_t want = std::min(kWindowBytes, (static_cast<size_t>(rows) + 1) * average_ + 64);
    if (size <= want) return BehindLastLine(at, size);
    if (const char* behind = BehindLastLine(at, want); behind != nullptr) return behind;
    const char* const line_end = FindLineEnd(at + want, end);
    return line_end == nullptr ? nullptr : line_end + 1;
  }

  // Decodes the whole lines [at, end), which stand `offset` behind the start of the block, until
  // there are `max_rows` rows; returns where it stopped.
  const char* DecodeLines(const char* at, const char* end, size_t offset, int32_t max_rows,
                          Decoded* decoded) {
    const char* const start = at;
    // One check for all; only if it fails are lines checked alone.
    const bool valid = IsUtf8(at, end);
    while (at < end && rows_ < max_rows) {
      const char* const line = at;
      const char* stop = line;  // in the line
      if (!valid && !IsUtf8(line, FindLineEnd(line, end))) {
        context_.error = "not valid UTF-8";
      } else {
        context_.error.clear();
        stop = DecodeLine(line);
      }
      const char* const line_end = *stop == '\n' ? stop : FindLineEnd(stop, end);
      if (!context_.error.empty() && !context_.options.ignore_parse_errors) {
        const char* const text_end =
            line_end > line && line_end[-1] == '\r' ? line_end - 1 : line_end;
        decoded->bad.push_back({offset + static_cast<size_t>(line - start),
                                static_cast<size_t>(text_end - line), context_.error});
      }
      at = line_end + 1;
    }
    return at;
  }

  // The last line of the input, which is copied to be like any other.
  void DecodeUnendedLine(std::string_view line, size_t offset, Decoded* decoded) {
    std::string text(line);
    text += '\n';
    const size_t size = text.size();
    text.append(kBlockPadding, ' ');
    DecodeLines(text.data(), text.data() + size, offset, rows_ + 1, decoded);
  }

  // Adds the rows of a line, or sets the error; returns how far it read, at most the line's end.
  const char* DecodeLine(const char* line) {
    const bool marked = std::memcmp(line, kByteOrderMark.data(), kByteOrderMark.size()) == 0;
    JsonCursor cursor(marked ? line + kByteOrderMark.size() : line);  // as Jackson does
    const int32_t first_row = rows_;
    ReadOutcome outcome = ReadOutcome::kBadValue;
    if (cursor.kind() == '{') {
      outcome = ReadRow(&cursor);
    } else if (cursor.kind() == '[') {
      outcome = ReadArray(&cursor);
    } else if (IsEmpty(line)) {
      return line;
    } else {
      context_.error = "no JSON object";
    }
    if (outcome == ReadOutcome::kOk) return cursor.at();
    // Of an array whose tail is broken Flink has already sent the rows before it when it ignores
    // errors.
    if (!context_.options.ignore_parse_errors) Undo(first_row);
    if (context_.error.empty()) context_.error = WhatIsWrong(cursor);
    return cursor.at();
  }

  static bool IsEmpty(const char* line) {
    return line[0] == '\n' || (line[0] == '\r' && line[1] == '\n');
  }

  // Of a record that is not JSON from the cursor on.
  static std::string_view WhatIsWrong(const JsonCursor& cursor) {
    const bool unclosed = cursor.kind() == '"' && ScanToken(cursor).kind == TokenKind::kInvalid;
    return unclosed ? "a string without its closing quote" : "not valid JSON";
  }

  ReadOutcome ReadRow(JsonCursor* cursor) {
    if (rows_ == capacity_) Reserve(capacity_ * 2);
    const ReadOutcome outcome = object_->Read(cursor, rows_);
    if (outcome == ReadOutcome::kOk) {
      ++rows_;
    } else {
      for (ColumnBuilder& builder : builders_) builder.Forget(rows_, rows_ + 1);
    }
    return outcome;
  }

  ReadOutcome ReadArray(JsonCursor* cursor) {
    cursor->Advance();
    if (cursor->Take(']')) return ReadOutcome::kOk;
    while (true) {
      if (cursor->kind() != '{') {
        context_.error = "an array element that is not an object";
        return ReadOutcome::kBadValue;
      }
      if (const ReadOutcome outcome = ReadRow(cursor); outcome != ReadOutcome::kOk) return outcome;
      if (cursor->Take(']')) return ReadOutcome::kOk;
      if (!cursor->Take(',')) return ReadOutcome::kMalformed;
    }
  }

  void Undo(int32_t first_row) {
    for (ColumnBuilder& builder : builders_) builder.Forget(first_row, rows_);
    rows_ = first_row;
  }

  ReadContext context_;
  std::vector<ColumnBuilder> builders_;
  std::unique_ptr<ObjectReader> object_;
  int32_t rows_ = 0;
  int32_t capacity_ = 0;
  size_t average_ = 256;  // bytes per row lately
};

}  // namespace

Result<std::unique_ptr<BlockDecoder>> MakeJsonDecoder(const DecodeSpec& spec,
                                                      const JsonOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckDecodeSpec(spec, "json", {.rows = true, .lists = true}));
  CASTOR_RETURN_NOT_OK(CheckMapKeys(spec.produced_row, "json"));
  return std::unique_ptr<BlockDecoder>(std::make_unique<JsonDecoder>(spec, options));
}

}  // namespace castor::format::json
