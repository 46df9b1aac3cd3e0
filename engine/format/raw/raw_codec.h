// One value as the bytes of a record, and back.
#pragma once

#include <cstdint>
#include <memory>

#include "format/api/format.h"

namespace castor::format::raw {

// Character sets of strings. Java knows more; those it is asked for in practice are these.
enum class Charset : uint8_t { kUtf8, kAscii, kLatin1 };

struct RawOptions {
  Charset charset = Charset::kUtf8;
  bool big_endian = true;

  static Result<RawOptions> Parse(const FormatOptions& options);
};

// Errors say that the table must have one column, or name its type.
Result<std::unique_ptr<BlockDecoder>> MakeRawDecoder(const DecodeSpec& spec,
                                                     const RawOptions& options);
Result<std::unique_ptr<RecordEncoder>> MakeRawEncoder(const LogicalType& row,
                                                      const RawOptions& options);

// The checks that both share.
Status CheckRawType(const LogicalType& row);
// Bytes of a value that has a fixed number of them; 0 for strings and bytes.
size_t RawWidth(TypeKind kind);

}  // namespace castor::format::raw
