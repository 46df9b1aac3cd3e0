#include "format/json/json_decoder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "format/api/decode_check.h"
#include "format/json/json_field.h"
#include "format/json/json_token.h"
#include "format/json/structural_index.h"

namespace castor::format::json {
namespace {

using Outcome = StructuralIndex::Outcome;

// Text indexed at once: large enough to amortise the call, small enough that text and positions
// stay in the second-level cache.
constexpr size_t kWindowBytes = 64 * 1024;

const char* FindLineEnd(const char* from, const char* end) {
  return static_cast<const char*>(std::memchr(from, '\n', static_cast<size_t>(end - from)));
}

std::string_view ErrorText(Outcome outcome) {
  switch (outcome) {
    case Outcome::kInvalidUtf8:
      return "not valid UTF-8";
    case Outcome::kTooLarge:
      return "too large for memory";
    case Outcome::kEmpty:
      return "no JSON object";
    default:
      return "a string without its closing quote";
  }
}

// Jackson is told to take control characters in strings; stage 1 is not. Writes them as escapes.
std::string EscapeControlCharacters(std::string_view line) {
  std::string escaped;
  escaped.reserve(line.size() + 64);
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string && static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      escaped += "\\u00";
      escaped += kHex[c >> 4];
      escaped += kHex[c & 15];
      continue;
    }
    if (c == '"') in_string = !in_string;
    escaped += c;
    if (c == '\\' && in_string && i + 1 < line.size() &&
        static_cast<unsigned char>(line[i + 1]) >= 0x20) {
      escaped += line[++i];
    }
  }
  return escaped;
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
      const char* window_end = WindowEnd(at, end, last, max_rows - rows_);
      if (window_end == nullptr) break;
      at = DecodeWindow(start, at, window_end, max_rows, decoded);
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

  // Behind the last whole line that is worth indexing for `rows` more rows; null: no whole line.
  const char* WindowEnd(const char* at, const char* end, bool last, int32_t rows) const {
    const size_t want = std::min(kWindowBytes, (static_cast<size_t>(rows) + 1) * average_ + 64);
    if (static_cast<size_t>(end - at) > want) {
      if (const void* line_end = ::memrchr(at, '\n', want); line_end != nullptr) {
        return static_cast<const char*>(line_end) + 1;
      }
      const char* line_end = FindLineEnd(at + want, end);
      if (line_end != nullptr) return line_end + 1;
    } else if (!last) {
      const void* line_end = ::memrchr(at, '\n', static_cast<size_t>(end - at));
      return line_end == nullptr ? nullptr : static_cast<const char*>(line_end) + 1;
    }
    return last ? end : nullptr;
  }

  // Decodes the lines of [at, end) until there are `max_rows` rows; returns where it stopped.
  const char* DecodeWindow(const char* block, const char* at, const char* end, int32_t max_rows,
                           Decoded* decoded) {
    const char* const base = at;
    const Outcome outcome = index_.Build({at, static_cast<size_t>(end - at)});
    // When the window is not sound, each of its lines is indexed alone, to find out which are.
    const uint32_t* next = outcome == Outcome::kOk ? index_.positions() : nullptr;
    while (at < end && rows_ < max_rows) {
      const char* line_end = FindLineEnd(at, end);
      const char* const next_line = line_end == nullptr ? end : line_end + 1;
      if (line_end == nullptr) line_end = end;
      if (line_end > at && line_end[-1] == '\r') --line_end;
      if (line_end > at) {
        const std::string_view line(at, static_cast<size_t>(line_end - at));
        if (next != nullptr) {
          const auto from = static_cast<uint32_t>(at - base);
          while (*next < from) ++next;
          DecodeLine(base, next, from, line, block, decoded);
        } else {
          IndexAndDecodeLine(line, block, decoded);
        }
      }
      at = next_line;
    }
    return at;
  }

  void IndexAndDecodeLine(std::string_view line, const char* block, Decoded* decoded) {
    Outcome outcome = index_.Build(line);
    if (outcome == Outcome::kControlCharacter) {
      std::string escaped = EscapeControlCharacters(line);
      const size_t size = escaped.size();
      escaped.append(kBlockPadding, ' ');
      outcome = index_.Build({escaped.data(), size});
      if (outcome == Outcome::kOk) {
        DecodeRecord(escaped.data(), index_.positions(), 0, size, line, block, decoded);
        return;
      }
    }
    if (outcome == Outcome::kOk) {
      DecodeLine(line.data(), index_.positions(), 0, line, block, decoded);
    } else {
      AddBad(line, block, ErrorText(outcome), decoded);
    }
  }

  void DecodeLine(const char* base, const uint32_t* positions, uint32_t from, std::string_view line,
                  const char* block, Decoded* decoded) {
    DecodeRecord(base, positions, from, from + line.size(), line, block, decoded);
  }

  // `line` is what is reported; the record itself is [base + from, base + to).
  void DecodeRecord(const char* base, const uint32_t* positions, uint32_t from, size_t to,
                    std::string_view line, const char* block, Decoded* decoded) {
    // Jackson skips a byte order mark, which stage 1 takes for a scalar.
    if (line.substr(0, 3) == "\xef\xbb\xbf" && *positions == from) ++positions;
    JsonCursor cursor(base, positions, to);
    const int32_t first_row = rows_;
    ReadOutcome outcome;
    context_.error.clear();
    if (cursor.kind() == '[') {
      outcome = ReadArray(&cursor);
    } else if (cursor.kind() == '{') {
      outcome = ReadRow(&cursor);
    } else {
      context_.error = "no JSON object";
      outcome = ReadOutcome::kBadValue;
    }
    if (outcome == ReadOutcome::kOk) return;
    // Of an array whose tail is broken Flink has already sent the rows before it when it ignores
    // errors.
    if (!context_.options.ignore_parse_errors) Undo(first_row);
    AddBad(line, block, context_.error.empty() ? "not valid JSON" : context_.error, decoded);
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

  void AddBad(std::string_view line, const char* block, std::string_view error, Decoded* decoded) {
    if (context_.options.ignore_parse_errors) return;
    decoded->bad.push_back(
        {static_cast<size_t>(line.data() - block), line.size(), std::string(error)});
  }

  ReadContext context_;
  std::vector<ColumnBuilder> builders_;
  std::unique_ptr<ObjectReader> object_;
  StructuralIndex index_;
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
