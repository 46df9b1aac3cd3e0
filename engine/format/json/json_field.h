// One wanted field of a JSON object: how its value is converted and into which column.
//
// A FieldReader converts the value at a cursor into row `row` of its builder, as
// JsonParserToRowDataConverters does for the field's type, and moves behind the value. An
// ObjectReader does the same for a row of fields, matching keys by name; it is what the top level
// and nested ROWs share. Built once per split, used by one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "format/api/column_builder.h"
#include "format/json/json_options.h"
#include "format/json/json_token.h"

namespace castor::format::json {

// What all fields of one decoder share.
struct ReadContext {
  JsonOptions options;
  bool exact_decimals = false;  // some field is a DECIMAL, so Flink's mapper keeps fractions exact
  std::string error;            // what was wrong with the last value that failed
  std::string scratch;          // unescaped text
};

enum class ReadOutcome : uint8_t {
  kOk,
  kBadValue,   // JSON, but not of the field's type; the cursor stands behind the value
  kMalformed,  // not JSON: the rest of the record is lost
};

class ObjectReader;
class ListReader;

class FieldReader {
 public:
  FieldReader(std::string name, LogicalType type, ReadContext* context);
  FieldReader(FieldReader&&) noexcept;
  ~FieldReader();

  const std::string& name() const { return name_; }
  const JsonName& json_name() const { return json_name_; }
  ColumnBuilder& builder() { return *builder_; }
  // Nested readers write into a builder that belongs to their parent's.
  void Bind(ColumnBuilder* builder);

  ReadOutcome Read(JsonCursor* cursor, int32_t row) {
    const char* const end = ReadUsual(cursor->at(), row);
    if (end == nullptr) return ReadUnusual(cursor, row);
    cursor->MoveTo(end);
    return ReadOutcome::kOk;
  }

 private:
  // Reads a value that is written as most of its type are; returns where it ends, or null if it may
  // be written otherwise.
  const char* ReadUsual(const char* at, int32_t row);
  ReadOutcome ReadUnusual(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadNonNull(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadBoolean(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadInteger(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadFloating(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadDecimal(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadString(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadBinary(JsonCursor* cursor, int32_t row);
  ReadOutcome ReadTemporal(JsonCursor* cursor, int32_t row);
  ReadOutcome BadValue(JsonCursor* cursor, std::string_view expected);
  // The text of a scalar as Jackson's getText gives it, unescaped; valid until the next call.
  bool ScalarText(const JsonToken& token, std::string_view* text);
  void SetInteger(int32_t row, int64_t value);
  void SetPlain(int32_t row, std::string_view text);
  // False if an escape is wrong.
  bool SetUnescaped(int32_t row, const JsonToken& string);

  std::string name_;
  JsonName json_name_;
  LogicalType type_;
  TypeKind kind_;
  ReadContext* context_;
  int64_t min_ = 0;  // of integral types
  int64_t max_ = 0;
  ColumnBuilder* builder_ = nullptr;
  std::unique_ptr<ObjectReader> object_;  // of a ROW
  std::unique_ptr<ListReader> list_;      // of an ARRAY, MAP or MULTISET
};

class ObjectReader {
 public:
  ObjectReader(std::vector<FieldReader> fields, ReadContext* context);

  // Reads an object into row `row` of all fields.
  ReadOutcome Read(JsonCursor* cursor, int32_t row);
  std::vector<FieldReader>& fields() { return fields_; }

 private:
  // Goes past the name of a member. `index`: the field of that name, or how many there are; false
  // if it is malformed.
  bool TakeAnyName(JsonCursor* cursor, size_t* index);
  bool TakeUnusualName(JsonCursor* cursor, size_t* index);
  ReadOutcome SkipRest(JsonCursor* cursor);
  ReadOutcome SetMissing(int32_t row);

  std::vector<FieldReader> fields_;
  ReadContext* context_;
  // Records mostly repeat their order of names: the field that stood first, and behind each field.
  size_t first_ = 0;
  std::vector<size_t> next_;
  std::vector<uint64_t> seen_;  // per field: the number of the object that had it last
  uint64_t object_number_ = 0;
};

// Reads the elements of an array, or the entries of an object as those of a MAP or MULTISET, of
// which the latest of equal keys counts.
class ListReader {
 public:
  ListReader(const std::string& name, const LogicalType& type, ReadContext* context);

  ReadOutcome Read(JsonCursor* cursor, int32_t row);
  void Bind(ColumnBuilder* builder);

 private:
  ReadOutcome ReadElements(JsonCursor* cursor);
  ReadOutcome ReadEntries(JsonCursor* cursor);
  // The row of the entry for a key, made anew or set free; false: the key is malformed.
  bool FindEntry(const JsonToken& key, int32_t* entry);

  const bool is_array_;
  FieldReader value_;  // of an element, or of an entry's value
  ReadContext* context_;
  ColumnBuilder* builder_ = nullptr;
  std::vector<StringRef> keys_;  // of the map that is being read
};

}  // namespace castor::format::json
