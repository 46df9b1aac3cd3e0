// ListReader: JSON arrays as ARRAY, objects as MAP and MULTISET.
#include <algorithm>

#include "format/api/json_text.h"
#include "format/json/json_field.h"

namespace castor::format::json {

ListReader::ListReader(const std::string& name, const LogicalType& type, ReadContext* context)
    : is_array_(type.kind() == TypeKind::kArray),
      value_(name, type.ChildTypes().back(), context),
      context_(context) {}

void ListReader::Bind(ColumnBuilder* builder) {
  builder_ = builder;
  value_.Bind(&builder->children().back());
}

ReadOutcome ListReader::Read(JsonCursor* cursor, int32_t row) {
  const int32_t first = builder_->elements();
  cursor->Advance();  // '[' or '{'
  const ReadOutcome outcome = is_array_ ? ReadElements(cursor) : ReadEntries(cursor);
  if (outcome == ReadOutcome::kOk) {
    builder_->SetList(row, first);
  } else {
    builder_->DropElements(first);
  }
  return outcome;
}

ReadOutcome ListReader::ReadElements(JsonCursor* cursor) {
  ReadOutcome outcome = ReadOutcome::kOk;
  if (cursor->Take(']')) return outcome;
  while (true) {
    const ReadOutcome read = value_.Read(cursor, builder_->AddElement());
    if (read == ReadOutcome::kMalformed) return read;
    if (read == ReadOutcome::kBadValue) outcome = read;
    if (cursor->Take(']')) return outcome;
    if (!cursor->Take(',')) return ReadOutcome::kMalformed;
  }
}

ReadOutcome ListReader::ReadEntries(JsonCursor* cursor) {
  ReadOutcome outcome = ReadOutcome::kOk;
  keys_.clear();
  if (cursor->Take('}')) return outcome;
  while (true) {
    const JsonToken key = ScanToken(*cursor);
    int32_t entry;
    if (key.kind != TokenKind::kString || !FindEntry(key, &entry)) return ReadOutcome::kMalformed;
    cursor->MoveTo(key.end);
    if (!cursor->Take(':')) return ReadOutcome::kMalformed;
    const ReadOutcome read = value_.Read(cursor, entry);
    if (read == ReadOutcome::kMalformed) return read;
    if (read == ReadOutcome::kBadValue) outcome = read;
    if (cursor->Take('}')) return outcome;
    if (!cursor->Take(',')) return ReadOutcome::kMalformed;
  }
}

bool ListReader::FindEntry(const JsonToken& key, int32_t* entry) {
  std::string_view text = key.body();
  if (key.escaped) {
    context_->scratch.clear();
    if (!UnescapeJson(text, &context_->scratch)) return false;
    text = context_->scratch;
  }
  const auto found = std::find(keys_.begin(), keys_.end(), StringRef(text));
  if (found != keys_.end()) {
    *entry = builder_->elements() - static_cast<int32_t>(keys_.end() - found);
    value_.builder().Forget(*entry, *entry + 1);
    return true;
  }
  *entry = builder_->AddElement();
  ColumnBuilder& keys = builder_->children()[0];
  keys_.push_back(keys.arena().Add(text));
  keys.Set(*entry, keys_.back());
  return true;
}

}  // namespace castor::format::json
