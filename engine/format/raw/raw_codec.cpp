#include "format/raw/raw_codec.h"

#include <algorithm>
#include <cstring>

#include "column/gather.h"
#include "format/api/column_builder.h"

namespace castor::format::raw {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

uint64_t LoadInteger(std::string_view bytes, bool big_endian) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t at = big_endian ? i : bytes.size() - 1 - i;
    value = value << 8 | static_cast<uint8_t>(bytes[at]);
  }
  return value;
}

void AppendInteger(uint64_t value, size_t width, bool big_endian, std::string* out) {
  for (size_t i = 0; i < width; ++i) {
    const size_t shift = 8 * (big_endian ? width - 1 - i : i);
    *out += static_cast<char>(value >> shift);
  }
}

std::string ToUtf8(std::string_view bytes, Charset charset) {
  std::string text;
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else if (charset == Charset::kLatin1) {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    } else {
      text += kReplacement;
    }
  }
  return text;
}

// Java's getBytes: '?' for what the character set has not.
void AppendFromUtf8(std::string_view text, Charset charset, std::string* out) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0x80) {
      *out += text[i];
    } else if (charset == Charset::kLatin1 && size == 2 && lead < 0xc4 && i + 1 < text.size()) {
      *out += static_cast<char>((lead & 3) << 6 | (text[i + 1] & 0x3f));
    } else {
      *out += '?';
    }
    i += size;
  }
}

class RawDecoder final : public BlockDecoder {
 public:
  RawDecoder(const DecodeSpec& spec, const RawOptions& options)
      : options_(options),
        type_(spec.physical_row.fields().front().type),
        name_(spec.physical_row.fields().front().name),
        width_(RawWidth(type_.kind())) {
    for (const LogicalType::Field& field : spec.produced_row.fields()) {
      builders_.emplace_back(field.type);
    }
  }

  Status Decode(std::string_view block, bool last, int32_t max_rows, Decoded* decoded) override {
    decoded->bad.clear();
    for (ColumnBuilder& builder : builders_) builder.Reserve(std::max(max_rows, 1));
    int32_t rows = 0;
    size_t at = 0;
    while (at < block.size() && rows < max_rows) {
      const size_t line_end = block.find('\n', at);
      if (line_end == std::string_view::npos && !last) break;
      const size_t stop = std::min(line_end, block.size());
      std::string_view line = block.substr(at, stop - at);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (width_ != 0 && line.size() != width_) {
        decoded->bad.push_back({at, line.size(),
                                "field '" + name_ + "': " + std::to_string(line.size()) +
                                    " bytes, but " + type_.ToString() + " has " +
                                    std::to_string(width_)});
      } else {
        for (ColumnBuilder& builder : builders_) Set(line, rows, &builder);
        ++rows;
      }
      at = line_end == std::string_view::npos ? block.size() : line_end + 1;
    }
    decoded->consumed = at;
    decoded->batch.num_rows = rows;
    decoded->batch.columns.clear();
    for (ColumnBuilder& builder : builders_) decoded->batch.columns.push_back(builder.Finish(rows));
    return Status::OK();
  }

  size_t SkipRecord(std::string_view text) const override { return text.find('\n') + 1; }

 private:
  void Set(std::string_view bytes, int32_t row, ColumnBuilder* builder) const {
    const uint64_t bits = width_ == 0 ? 0 : LoadInteger(bytes, options_.big_endian);
    switch (type_.kind()) {
      case TypeKind::kBoolean:
        builder->Set<uint8_t>(row, bits != 0 ? 1 : 0);
        break;
      case TypeKind::kTinyInt:
        builder->Set(row, static_cast<int8_t>(bits));
        break;
      case TypeKind::kSmallInt:
        builder->Set(row, static_cast<int16_t>(bits));
        break;
      case TypeKind::kInteger:
      case TypeKind::kFloat:
        builder->Set(row, static_cast<int32_t>(bits));
        break;
      case TypeKind::kBigInt:
      case TypeKind::kDouble:
        builder->Set(row, static_cast<int64_t>(bits));
        break;
      default:
        if (type_.IsString() && options_.charset != Charset::kUtf8) {
          builder->SetString(row, ToUtf8(bytes, options_.charset));
        } else {
          builder->SetString(row, bytes);
        }
    }
  }

  const RawOptions options_;
  const LogicalType type_;
  const std::string name_;
  const size_t width_;
  std::vector<ColumnBuilder> builders_;  // the column, or none when it is not read
};

class RawEncoder final : public RecordEncoder {
 public:
  RawEncoder(const LogicalType& type, const RawOptions& options)
      : options_(options), type_(type), width_(RawWidth(type.kind())) {}

  Status Encode(const Batch& batch, const int32_t* rows, int32_t count, std::string* out) override {
    const ColumnPtr column = Flatten(batch.columns.front());
    for (int32_t i = 0; i < count; ++i) {
      const Column* target;
      const int32_t at = column->Resolve(rows == nullptr ? i : rows[i], &target);
      if (at < 0) return Status::DataError("format 'raw' cannot write NULL");
      Append(*target, at, out);
      *out += '\n';
    }
    return Status::OK();
  }

 private:
  void Append(const Column& column, int32_t row, std::string* out) const {
    if (width_ == 0) {
      const std::string_view bytes = column.values<StringRef>()[row].view();
      if (type_.IsString() && options_.charset != Charset::kUtf8) {
        AppendFromUtf8(bytes, options_.charset, out);
      } else {
        *out += bytes;
      }
      return;
    }
    uint64_t bits = 0;  // the low bytes of the value, whatever its type
    DispatchPhysical(column.physical(), [&]<typename T>() {
      if constexpr (sizeof(T) <= sizeof(bits))
        std::memcpy(&bits, column.values<T>() + row, sizeof(T));
    });
    AppendInteger(bits, width_, options_.big_endian, out);
  }

  const RawOptions options_;
  const LogicalType type_;
  const size_t width_;
};

}  // namespace

Result<std::unique_ptr<BlockDecoder>> MakeRawDecoder(const DecodeSpec& spec,
                                                     const RawOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckRawType(spec.physical_row));
  return std::unique_ptr<BlockDecoder>(std::make_unique<RawDecoder>(spec, options));
}

Result<std::unique_ptr<RecordEncoder>> MakeRawEncoder(const LogicalType& row,
                                                      const RawOptions& options) {
  CASTOR_RETURN_NOT_OK(CheckRawType(row));
  return std::unique_ptr<RecordEncoder>(
      std::make_unique<RawEncoder>(row.fields().front().type, options));
}

}  // namespace castor::format::raw
