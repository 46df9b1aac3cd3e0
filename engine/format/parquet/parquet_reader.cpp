#include "format/parquet/parquet_reader.h"

#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "arrow_memory/charged_pool.h"
#include "format/parquet/exception_guard.h"
#include "format/parquet/field_reader.h"
#include "format/parquet/file_adapters.h"

namespace castor::format::parquet {
namespace {

// Of compressed bytes, per column.
constexpr int64_t kReadBytes = 128 * 1024;
constexpr const char* kUnreadable = "not a readable Parquet file";

class ParquetReader final : public BulkReader {
 public:
  ParquetReader(const DecodeSpec& spec, int32_t batch_size)
      : produced_row_(spec.produced_row), batch_size_(batch_size) {
    for (const std::vector<int32_t>& path : spec.projection) {
      names_.push_back(spec.physical_row.fields()[static_cast<size_t>(path.front())].name);
    }
  }

  Status Open(io::FileSystem& file_system, const BulkFile& file, const LocalTime& zone) {
    CASTOR_ASSIGN_OR_RETURN(input_, InputFile::Open(file_system, file.path));
    return Guarded(*input_, StatusCode::kDataError, kUnreadable, [&]() -> Status {
      ::parquet::ReaderProperties properties(arrow_memory::ChargedPool());
      properties.enable_buffered_stream();
      properties.set_buffer_size(kReadBytes);
      file_ = ::parquet::ParquetFileReader::Open(input_, properties);
      CASTOR_RETURN_NOT_OK(MakeFields(zone));
      ChooseRowGroups(file.start, file.end);
      return Seek(file.position);
    });
  }

  Result<Batch> Next(int32_t max_rows) override {
    Batch batch;
    CASTOR_RETURN_NOT_OK(Guarded(*input_, StatusCode::kDataError, kUnreadable,
                                 [&] { return Read(std::min(max_rows, batch_size_), &batch); }));
    return batch;
  }

  std::string position() const override { return std::to_string(rows_before_ + row_in_group_); }

 private:
  Status MakeFields(const LocalTime& zone) {
    const ::parquet::SchemaDescriptor& schema = *file_->metadata()->schema();
    for (size_t i = 0; i < names_.size(); ++i) {
      const LogicalType::Field field{names_[i], produced_row_.fields()[i].type};
      CASTOR_ASSIGN_OR_RETURN(
          auto reader, FieldReader::Make(schema, *schema.group_node(), field, field.name, zone));
      fields_.push_back(std::move(reader));
    }
    return Status::OK();
  }

  // A row group belongs to the range that holds its middle, as parquet-mr has it.
  void ChooseRowGroups(int64_t start, int64_t end) {
    const ::parquet::FileMetaData& metadata = *file_->metadata();
    for (int i = 0; i < metadata.num_row_groups(); ++i) {
      const auto group = metadata.RowGroup(i);
      if (group->num_rows() == 0) continue;
      int64_t first = 0, bytes = 0;
      for (int column = 0; column < group->num_columns(); ++column) {
        const auto chunk = group->ColumnChunk(column);
        int64_t offset = chunk->data_page_offset();
        if (chunk->has_dictionary_page() && chunk->dictionary_page_offset() > 0) {
          offset = std::min(offset, chunk->dictionary_page_offset());
        }
        if (column == 0) first = offset;
        bytes += chunk->total_compressed_size();
      }
      const int64_t middle = first + bytes / 2;
      if (middle >= start && middle < end) groups_.push_back(i);
    }
  }

  Status Seek(const std::string& position) {
    int64_t rows = 0;
    if (!position.empty()) {
      const char* const end = position.data() + position.size();
      const auto read = std::from_chars(position.data(), end, rows);
      if (read.ec != std::errc() || read.ptr != end || rows < 0) {
        return Status::Corruption("'" + position + "' is no position in a Parquet file");
      }
    }
    for (; next_group_ < groups_.size(); ++next_group_) {
      const int64_t in_group = file_->metadata()->RowGroup(groups_[next_group_])->num_rows();
      if (rows < in_group) break;
      rows -= in_group;
      rows_before_ += in_group;
    }
    if (next_group_ < groups_.size()) return OpenGroup(rows);
    if (rows == 0) return Status::OK();
    return Status::DataError(
        "the file has fewer rows than were read of it before; it was replaced");
  }

  Status OpenGroup(int64_t skip) {
    group_ = file_->RowGroup(groups_[next_group_++]);
    rows_in_group_ = group_->metadata()->num_rows();
    row_in_group_ = skip;
    for (const auto& field : fields_) CASTOR_RETURN_NOT_OK(field->Open(group_.get(), skip));
    return Status::OK();
  }

  Status Read(int32_t max_rows, Batch* batch) {
    if (row_in_group_ == rows_in_group_) {
      rows_before_ += rows_in_group_;
      rows_in_group_ = row_in_group_ = 0;
      if (next_group_ == groups_.size()) return Status::OK();
      CASTOR_RETURN_NOT_OK(OpenGroup(0));
    }
    const auto rows =
        static_cast<int32_t>(std::min<int64_t>(max_rows, rows_in_group_ - row_in_group_));
    for (const auto& field : fields_) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, field->Read(rows));
      batch->columns.push_back(std::move(column));
    }
    batch->num_rows = rows;
    row_in_group_ += rows;
    return Status::OK();
  }

  const LogicalType produced_row_;
  const int32_t batch_size_;
  std::vector<std::string> names_;  // of the file's fields
  std::shared_ptr<InputFile> input_;
  std::unique_ptr<::parquet::ParquetFileReader> file_;
  std::vector<std::unique_ptr<FieldReader>> fields_;
  std::vector<int> groups_;
  size_t next_group_ = 0;
  std::shared_ptr<::parquet::RowGroupReader> group_;
  int64_t rows_in_group_ = 0;
  int64_t row_in_group_ = 0;
  int64_t rows_before_ = 0;  // in the groups before
};

}  // namespace

Result<std::unique_ptr<BulkReader>> OpenParquetFile(const ParquetOptions& options,
                                                    const std::string& time_zone,
                                                    const DecodeSpec& spec,
                                                    io::FileSystem& file_system,
                                                    const BulkFile& file) {
  CASTOR_ASSIGN_OR_RETURN(const LocalTime zone, LocalTime::Of(time_zone));
  auto reader = std::make_unique<ParquetReader>(spec, options.batch_size);
  CASTOR_RETURN_NOT_OK(reader->Open(file_system, file, zone));
  return std::unique_ptr<BulkReader>(std::move(reader));
}

}  // namespace castor::format::parquet
