// Rows as a table for people: columns of fixed width, as the rows to come are not known.
#include <algorithm>

#include "connector/collect/row_shower.h"
#include "format/api/print_text.h"
#include "format/api/row_text.h"

namespace castor::connector::collect {
namespace {

constexpr int kStringWidth = 30;
constexpr int kMinStringWidth = 8;
constexpr std::string_view kEllipsis = "…";

int Characters(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// The first `count` characters.
std::string_view FirstCharacters(std::string_view text, int count) {
  size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
    --count;
  }
  return text.substr(0, at);
}

// Wide enough for every value of the type, or for strings a usual one.
int TypeWidth(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return 5;
    case TypeKind::kTinyInt:
      return 4;
    case TypeKind::kSmallInt:
      return 6;
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearMonth:
      return 11;
    case TypeKind::kBigInt:
    case TypeKind::kIntervalDayTime:
      return 20;
    case TypeKind::kFloat:
      return 15;
    case TypeKind::kDouble:
      return 24;
    case TypeKind::kDecimal:
      return type.precision() + 3;
    case TypeKind::kDate:
      return 10;
    case TypeKind::kTime:
      return 9 + type.precision();
    case TypeKind::kTimestamp:
      return 20 + type.precision();
    case TypeKind::kTimestampLtz:
      return 21 + type.precision();
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return std::min(type.length(), kStringWidth);
    default:
      return kStringWidth;
  }
}

bool IsNumber(TypeKind kind) { return kind >= TypeKind::kTinyInt && kind <= TypeKind::kDecimal; }

class TableShower final : public RowShower {
 public:
  explicit TableShower(const ShowerOptions& options) : columns_(options.columns) {
    with_kind_ = !options.insert_only;
    for (const LogicalType::Field& column : columns_) {
      widths_.push_back(std::max({TypeWidth(column.type), Characters(column.name), 4}));
    }
    if (options.max_width > 0) Shrink(options.max_width);
    bounded_ = options.max_width > 0;
  }

  void Begin(std::string* out) override {
    AppendRule(out);
    *out += '|';
    if (with_kind_) *out += " op |";
    for (size_t i = 0; i < columns_.size(); ++i) {
      AppendCell(columns_[i].name, i, IsNumber(columns_[i].type.kind()), out);
    }
    *out += '\n';
    AppendRule(out);
  }

  Status Show(const Batch& batch, std::string* out) override {
    std::string text;
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      *out += '|';
      if (with_kind_) {
        *out += ' ';
        *out += format::RowKindText(batch.kind(row));
        *out += " |";
      }
      for (size_t i = 0; i < columns_.size(); ++i) {
        text.clear();
        AppendValue(*batch.columns[i], row, &text);
        AppendCell(text, i, IsNumber(columns_[i].type.kind()), out);
      }
      *out += '\n';
    }
    return Status::OK();
  }

  void End(std::string* out) override { AppendRule(out); }

 private:
  // Takes room from the widest columns until a line fits, or nothing more can be taken.
  void Shrink(int max_width) {
    const auto total = [&] {
      int width = 1 + (with_kind_ ? 5 : 0);
      for (int column : widths_) width += column + 3;
      return width;
    };
    while (total() > max_width) {
      auto widest = std::max_element(widths_.begin(), widths_.end());
      if (widest == widths_.end() || *widest <= kMinStringWidth) return;
      --*widest;
    }
  }

  void AppendRule(std::string* out) const {
    *out += '+';
    if (with_kind_) *out += "----+";
    for (int width : widths_) {
      out->append(static_cast<size_t>(width) + 2, '-');
      *out += '+';
    }
    *out += '\n';
  }

  // Strings without quotes, with what would break the line made visible.
  static void AppendValue(const Column& column, int32_t row, std::string* text) {
    const Column* target;
    const int32_t at = column.Resolve(row, &target);
    if (at < 0 || !column.type().IsString()) {
      format::AppendValueText(column, row, text);
      return;
    }
    for (char c : target->values<StringRef>()[at].view()) {
      *text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }

  void AppendCell(std::string_view text, size_t column, bool right, std::string* out) const {
    const int width = widths_[column];
    int length = Characters(text);
    *out += ' ';
    if (bounded_ && length > width) {
      *out += FirstCharacters(text, width - 1);
      *out += kEllipsis;
      length = width;
    } else {
      const auto padding = static_cast<size_t>(std::max(width - length, 0));
      if (right) out->append(padding, ' ');
      *out += text;
      if (!right) out->append(padding, ' ');
    }
    *out += " |";
  }

  const std::vector<LogicalType::Field> columns_;
  std::vector<int> widths_;
  bool with_kind_ = false;
  bool bounded_ = false;  // cells are cut, as a terminal would wrap them
};

}  // namespace

std::unique_ptr<RowShower> MakeTableShower(const ShowerOptions& options) {
  return std::make_unique<TableShower>(options);
}

}  // namespace castor::connector::collect
