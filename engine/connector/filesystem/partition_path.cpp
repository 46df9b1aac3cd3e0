#include "connector/filesystem/partition_path.h"

#include "format/api/column_builder.h"
#include "format/api/java_number.h"
#include "format/api/java_time.h"

namespace castor::connector::filesystem {
namespace {

bool NeedsEscape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 1 && byte < 0x20) || byte == 0x7f ||
         (byte != 0 && std::string_view("\"#%'*/:=?\\{}[]^").find(c) != std::string_view::npos);
}

void AppendEscaped(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (char c : text) {
    if (NeedsEscape(c)) {
      *out += '%';
      *out += kHex[static_cast<unsigned char>(c) >> 4];
      *out += kHex[c & 15];
    } else {
      *out += c;
    }
  }
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

bool SetInteger(const std::string& text, format::ColumnBuilder* builder) {
  int64_t value;
  switch (builder->physical()) {
    case PhysicalType::kInt8:
      if (!format::ParseJavaInteger(text, INT8_MIN, INT8_MAX, &value)) return false;
      builder->Set(0, static_cast<int8_t>(value));
      return true;
    case PhysicalType::kInt16:
      if (!format::ParseJavaInteger(text, INT16_MIN, INT16_MAX, &value)) return false;
      builder->Set(0, static_cast<int16_t>(value));
      return true;
    case PhysicalType::kInt32:
      if (!format::ParseJavaInteger(text, INT32_MIN, INT32_MAX, &value)) return false;
      builder->Set(0, static_cast<int32_t>(value));
      return true;
    default:
      if (!format::ParseJavaInteger(text, INT64_MIN, INT64_MAX, &value)) return false;
      builder->Set(0, value);
      return true;
  }
}

bool SetValue(const std::string& text, const LogicalType& type, format::ColumnBuilder* builder) {
  switch (type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      builder->SetString(0, text);
      return true;
    case TypeKind::kBoolean: {
      const bool value = text.size() == 4 && (text[0] | 32) == 't' && (text[1] | 32) == 'r' &&
                         (text[2] | 32) == 'u' && (text[3] | 32) == 'e';
      builder->Set<uint8_t>(0, value ? 1 : 0);
      return true;
    }
    case TypeKind::kFloat: {
      float value;
      if (!format::ParseJavaFloat(text, &value)) return false;
      builder->Set(0, value);
      return true;
    }
    case TypeKind::kDouble: {
      double value;
      if (!format::ParseJavaDouble(text, &value)) return false;
      builder->Set(0, value);
      return true;
    }
    case TypeKind::kDate: {
      int32_t days;
      if (!format::ParseIsoDate(text, &days)) return false;
      builder->Set(0, days);
      return true;
    }
    case TypeKind::kTimestamp: {
      int64_t ticks;
      if (!format::ParseTimestamp(text, format::TimestampStyle::kIso8601, type, &ticks)) {
        return false;
      }
      builder->Set(0, ticks);
      return true;
    }
    default:
      return SetInteger(text, builder);
  }
}

bool CanBePartitionKey(TypeKind kind) {
  switch (kind) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInteger:
    case TypeKind::kBigInt:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string PartitionPath(const PartitionSpec& spec, std::string_view default_name) {
  std::string path;
  for (const auto& [key, value] : spec) {
    AppendEscaped(key, &path);
    path += '=';
    AppendEscaped(value && !value->empty() ? std::string_view(*value) : default_name, &path);
    path += '/';
  }
  return path;
}

std::vector<std::pair<std::string, std::string>> ReadPartitionLevels(std::string_view path) {
  std::vector<std::pair<std::string, std::string>> values;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    const size_t equals = name.find('=');
    if (equals != std::string_view::npos && equals > 0 && equals + 1 < name.size()) {
      values.emplace_back(Unescape(name.substr(0, equals)), Unescape(name.substr(equals + 1)));
    }
  }
  return values;
}

std::map<std::string, std::string> ReadPartitionPath(std::string_view path) {
  std::map<std::string, std::string> values;
  for (auto& [key, value] : ReadPartitionLevels(path)) values[key] = std::move(value);
  return values;
}

Result<ColumnPtr> PartitionValue(const std::optional<std::string>& text, const LogicalType& type) {
  if (!CanBePartitionKey(type.kind())) {
    return Status::Unsupported("a partition key cannot have type " + type.ToString());
  }
  format::ColumnBuilder builder(type);
  builder.Reserve(1);
  if (!text) {
    builder.SetNull(0);
  } else if (!SetValue(*text, type, &builder)) {
    return Status::DataError("partition value '" + *text + "' is not of type " + type.ToString());
  }
  return builder.Finish(1);
}

std::optional<std::string> PartitionText(const Column& column, int32_t row) {
  const Column* target;
  const int32_t at = column.Resolve(row, &target);
  if (at < 0) return std::nullopt;
  std::string text;
  const LogicalType& type = column.type();
  switch (type.kind()) {
    case TypeKind::kBoolean:
      text = target->values<uint8_t>()[at] != 0 ? "true" : "false";
      break;
    case TypeKind::kFloat:
      format::AppendJavaFloat(target->values<float>()[at], &text);
      break;
    case TypeKind::kDouble:
      format::AppendJavaDouble(target->values<double>()[at], &text);
      break;
    case TypeKind::kDecimal:
      format::AppendPlainDecimal(target->values<int128_t>()[at], type.scale(), &text);
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      format::AppendJavaLocalDateTime(target->values<int64_t>()[at], type.TicksPerSecond(), &text);
      break;
    default:
      DispatchPhysical(target->physical(), [&]<typename T>() {
        const T value = target->values<T>()[at];
        if constexpr (std::is_same_v<T, StringRef>) {
          text = value.view();
        } else if constexpr (!std::is_same_v<T, int128_t>) {
          format::AppendInteger(static_cast<int64_t>(value), &text);
        }
      });
  }
  return text;
}

}  // namespace castor::connector::filesystem
