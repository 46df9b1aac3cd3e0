// What a format implements, and the registry by which connectors find formats by name.
//
// A `DecodingFormat` or `EncodingFormat` is made once per table from its options (keys without the
// format's prefix), is immutable and thread-safe, and makes the decoders and encoders, each of
// which belongs to one split or file and one thread at a time. Text formats decode blocks of bytes
// holding many records; formats with an inner file structure (Parquet) open files themselves.
// Decoders know nothing of files or offsets: positions are those of the block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "column/batch.h"
#include "io/file_system.h"

namespace castor::format {

// What is to be read from a record. `projection` holds a path into `physical_row` for each field of
// `produced_row`, in its order; `produced_row` repeats their types.
struct DecodeSpec {
  LogicalType physical_row;
  std::vector<std::vector<int32_t>> projection;
  LogicalType produced_row;

  static DecodeSpec All(const LogicalType& row);
};

// A record that could not be read; positions are relative to the start of the block.
struct BadRecord {
  size_t offset = 0;
  size_t size = 0;
  std::string error;
};

struct Decoded {
  Batch batch;                 // of the produced row, flat columns
  size_t consumed = 0;         // bytes of the block that need not be shown again
  std::vector<BadRecord> bad;  // in order; their rows are not in the batch
};

// Readable bytes that must follow every block, so that decoders may load whole vectors.
inline constexpr size_t kBlockPadding = 64;

// Records in a row of bytes. Reads whole records only and never keeps bytes: `consumed` always
// stands behind a record and the batch holds exactly the rows of the bytes consumed (a record that
// gives several rows may pass `max_rows`), so a position is exact to the record. With `last` the
// end of the block also ends the last record. `consumed` 0 without rows or bad records means that
// the block holds no whole record.
class BlockDecoder {
 public:
  virtual ~BlockDecoder() = default;
  virtual Status Decode(std::string_view block, bool last, int32_t max_rows, Decoded* decoded) = 0;
  // The size of the record that starts `text`, with its delimiter; 0: no delimiter in sight. Used
  // to find the first whole record of a split.
  virtual size_t SkipRecord(std::string_view text) const = 0;
};

// What is to be read of a file of a bulk format: the part of its inner structure that belongs to
// the bytes [start, end) (to one range only, however a file is cut), from `position` on.
struct BulkFile {
  std::string path;
  int64_t start = 0;
  int64_t end = INT64_MAX;
  std::string position;  // empty at the start
};

// One file of a bulk format. Resumes exactly: `position` after a batch, given to OpenFile, goes on
// behind it.
class BulkReader {
 public:
  virtual ~BulkReader() = default;
  // An empty batch says that the file has ended.
  virtual Result<Batch> Next(int32_t max_rows) = 0;
  virtual std::string position() const = 0;
};

class DecodingFormat {
 public:
  virtual ~DecodingFormat() = default;
  // Exactly one of the two is supported.
  virtual bool is_bulk() const { return false; }
  virtual Result<std::unique_ptr<BlockDecoder>> MakeDecoder(const DecodeSpec& spec) const;
  virtual Result<std::unique_ptr<BulkReader>> OpenFile(const DecodeSpec& spec,
                                                       io::FileSystem& file_system,
                                                       const BulkFile& file) const;
  // Whether decoding may start behind any record delimiter (false where one may stand inside a
  // record); for bulk formats, whether ranges of a file may be read apart.
  virtual bool splittable() const = 0;
};

// Appends encoded rows to `out`, each with its delimiter. Rows are `rows[0, count)` of the batch,
// or its first `count` rows where `rows` is null.
class RecordEncoder {
 public:
  virtual ~RecordEncoder() = default;
  virtual Status Encode(const Batch& batch, const int32_t* rows, int32_t count,
                        std::string* out) = 0;
};

// Writes one file of a bulk format; the file is complete after Finish.
class BulkWriter {
 public:
  virtual ~BulkWriter() = default;
  virtual Status Write(const Batch& batch, const int32_t* rows, int32_t count) = 0;
  virtual Status Finish() = 0;
};

class EncodingFormat {
 public:
  virtual ~EncodingFormat() = default;
  virtual bool is_bulk() const { return false; }
  // Flink starts a new file at every checkpoint for formats that it writes through a BulkWriter.
  virtual bool rolls_on_checkpoint() const { return is_bulk(); }
  virtual Result<std::unique_ptr<RecordEncoder>> MakeEncoder(const LogicalType& row) const;
  // `file` is not owned and outlives the writer.
  virtual Result<std::unique_ptr<BulkWriter>> MakeWriter(const LogicalType& row,
                                                         io::WritableFile* file) const;
};

// The options of one format of one table, without the format's prefix, and the session's
// `table.local-time-zone`.
struct FormatOptions {
  std::map<std::string, std::string> values;
  std::string session_time_zone = "UTC";
};

struct FormatFactory {
  std::function<Result<std::unique_ptr<DecodingFormat>>(const FormatOptions&)> make_decoding;
  std::function<Result<std::unique_ptr<EncodingFormat>>(const FormatOptions&)> make_encoding;
};

// Filled by the worker at start, read-only afterwards.
class FormatRegistry {
 public:
  void Register(std::string name, FormatFactory factory);
  // `table_options` are all options of the table; those that begin with "<name>." are the format's.
  // Errors name the format and those that exist, or the option that is wrong.
  Result<std::unique_ptr<DecodingFormat>> MakeDecoding(
      const std::string& name, const std::map<std::string, std::string>& table_options,
      const std::string& session_time_zone) const;
  Result<std::unique_ptr<EncodingFormat>> MakeEncoding(
      const std::string& name, const std::map<std::string, std::string>& table_options,
      const std::string& session_time_zone) const;

 private:
  Result<const FormatFactory*> Find(const std::string& name) const;

  std::map<std::string, FormatFactory> factories_;
};

}  // namespace castor::format
