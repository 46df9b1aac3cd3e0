// Writes VARIANTs one after the other, in the bytes of Flink's BinaryVariantInternalBuilder.
//
// A container's values are appended first; then FinishArray or FinishObject puts its head before
// them, told where it began and where each value begins from there. Names are numbered as they
// come. Names must live until Finish. Keeps its memory. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "variant/value.h"

namespace castor::variant {

class Builder {
 public:
  struct Field {
    std::string_view name;
    uint32_t id;
    uint32_t offset;
  };
  enum class Duplicates : uint8_t { kRefused, kLastWins };

  void AppendNull();
  void AppendBoolean(bool value);
  void AppendInteger(int64_t value);  // in as few bytes as hold it
  void AppendDouble(double value);
  // `precision`: its digits; neither is above 38.
  void AppendDecimal(const Decimal& decimal, int32_t precision);
  void AppendString(std::string_view text);

  uint32_t AddName(std::string_view name);
  uint32_t position() const { return static_cast<uint32_t>(value_.size()); }
  void FinishArray(uint32_t start, const std::vector<uint32_t>& offsets);
  // `fields` are put in order. False: a name stands there twice.
  [[nodiscard]] bool FinishObject(uint32_t start, std::vector<Field>* fields,
                                  Duplicates duplicates);

  // Appends the bytes as they stand in a column and begins anew. False: they are more than Flink
  // allows.
  [[nodiscard]] bool Finish(std::string* out);
  void Clear();

 private:
  void AppendHeader(uint8_t info, uint8_t basic_type);
  void DropDuplicates(uint32_t start, std::vector<Field>* fields);
  void InsertHead(uint32_t start, const std::string& head);

  std::string value_;
  std::vector<std::string_view> names_;
  std::unordered_map<std::string_view, uint32_t> ids_;
  bool too_large_ = false;
};

}  // namespace castor::variant
