#include "format/parquet/parquet_writer.h"

#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <map>
#include <utility>
#include <vector>

#include "arrow_memory/charged_pool.h"
#include "column/gather.h"
#include "format/parquet/exception_guard.h"
#include "format/parquet/file_adapters.h"
#include "format/parquet/leaf_writer.h"
#include "format/parquet/parquet_schema.h"

namespace castor::format::parquet {
namespace {

constexpr const char* kUnwritable = "cannot write the Parquet file";

arrow::Compression::type CodecOf(const std::string& name) {
  static const std::map<std::string, arrow::Compression::type> codecs = {
      {"UNCOMPRESSED", arrow::Compression::UNCOMPRESSED},
      {"SNAPPY", arrow::Compression::SNAPPY},
      {"GZIP", arrow::Compression::GZIP},
      {"BROTLI", arrow::Compression::BROTLI},
      {"LZ4", arrow::Compression::LZ4_HADOOP},
      {"LZ4_RAW", arrow::Compression::LZ4},
      {"ZSTD", arrow::Compression::ZSTD}};
  return codecs.at(name);
}

// Decimals have no dictionaries: Flink cannot read those of short ones, and its own writer makes
// none.
void DisableDictionaryOfFixedBytes(const ::parquet::schema::NodePtr& schema,
                                   ::parquet::WriterProperties::Builder* builder) {
  ::parquet::SchemaDescriptor descriptor;
  descriptor.Init(schema);
  for (int i = 0; i < descriptor.num_columns(); ++i) {
    const ::parquet::ColumnDescriptor* column = descriptor.Column(i);
    if (column->physical_type() == ::parquet::Type::FIXED_LEN_BYTE_ARRAY) {
      builder->disable_dictionary(column->path());
    }
  }
}

std::shared_ptr<::parquet::WriterProperties> MakeProperties(
    const ParquetOptions& options, const ::parquet::schema::NodePtr& schema) {
  ::parquet::WriterProperties::Builder builder;
  builder.memory_pool(arrow_memory::ChargedPool())
      ->compression(CodecOf(options.compression))
      ->data_pagesize(options.page_bytes)
      ->dictionary_pagesize_limit(options.dictionary_page_bytes)
      ->max_row_group_length(INT64_MAX)
      ->created_by("Castor")
      ->version(options.version_2 ? ::parquet::ParquetVersion::PARQUET_2_6
                                  : ::parquet::ParquetVersion::PARQUET_1_0)
      ->data_page_version(options.version_2 ? ::parquet::ParquetDataPageVersion::V2
                                            : ::parquet::ParquetDataPageVersion::V1);
  if (!options.dictionary) builder.disable_dictionary();
  DisableDictionaryOfFixedBytes(schema, &builder);
  return builder.build();
}

class ParquetWriter final : public BulkWriter {
 public:
  ParquetWriter(const ParquetOptions& options, const LogicalType& row, io::WritableFile* file,
                const LocalTime& zone)
      : options_(options), row_(row), output_(std::make_shared<OutputFile>(file)) {
    AddLeaves(row, zone);
  }

  Status Open() {
    return Guarded(*output_, StatusCode::kIoError, kUnwritable, [&] {
      const auto schema = MakeSchema(row_, options_);
      file_ = ::parquet::ParquetFileWriter::Open(output_, schema, MakeProperties(options_, schema));
      return Status::OK();
    });
  }

  Status Write(const Batch& batch, const int32_t* rows, int32_t count) override {
    if (count == 0) return Status::OK();
    return Guarded(*output_, StatusCode::kIoError, kUnwritable, [&]() -> Status {
      if (group_ == nullptr) group_ = file_->AppendBufferedRowGroup();
      next_leaf_ = 0;
      const Levels levels{std::vector<int16_t>(static_cast<size_t>(count), 0), {}};
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        const ColumnPtr column = rows == nullptr ? Flatten(Slice(batch.columns[i], 0, count))
                                                 : Flatten(Gather(*batch.columns[i], rows, count));
        CASTOR_RETURN_NOT_OK(
            WriteField(*column, row_.fields()[i], row_.fields()[i].name, levels, 0, 0));
      }
      if (BufferedBytes() >= options_.row_group_bytes) CloseGroup();
      return Status::OK();
    });
  }

  Status Finish() override {
    return Guarded(*output_, StatusCode::kIoError, kUnwritable, [&] {
      if (group_ != nullptr) CloseGroup();
      file_->Close();
      return Status::OK();
    });
  }

 private:
  void AddLeaves(const LogicalType& row, const LocalTime& zone) {
    for (const LogicalType::Field& field : PartsOf(row)) {
      if (IsNested(field.type)) {
        AddLeaves(field.type, zone);
        continue;
      }
      const int64_t ticks = field.type.IsTimestamp() ? field.type.TicksPerSecond() : 1'000;
      leaves_.emplace_back(field.type, static_cast<int32_t>(leaves_.size()),
                           TimestampCodec(ticks, options_.timestamp_unit, zone));
    }
  }

  static bool IsNested(const LogicalType& type) {
    return type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList;
  }
  static std::vector<LogicalType::Field> PartsOf(const LogicalType& type) {
    return type.physical() == PhysicalType::kRow ? type.fields() : ListParts(type);
  }

  // `levels`: of what is around the field, which is there where they are `full`, in as many lists
  // as `lists`.
  Status WriteField(const Column& column, const LogicalType::Field& field, const std::string& name,
                    const Levels& levels, int16_t full, int16_t lists) {
    Levels own = levels;
    const uint8_t* validity = column.validity();
    const auto own_full = static_cast<int16_t>(full + (field.type.nullable() ? 1 : 0));
    for (size_t row = 0; row < own.size(); ++row) {
      if (own.definitions[row] != full) continue;
      if (validity == nullptr || bitmap::Get(validity, static_cast<int64_t>(row))) {
        own.definitions[row] = own_full;
      } else if (!field.type.nullable()) {
        return Status::DataError("column '" + name + "' is NOT NULL, but a row has NULL there");
      }
    }
    if (field.type.physical() == PhysicalType::kList) {
      return WriteLists(column, field.type, name, own, own_full, lists);
    }
    if (field.type.kind() != TypeKind::kRow) {
      LeafWriter& leaf = leaves_[next_leaf_++];
      leaf.Write(column, own, own_full, group_->column(leaf.index()));
      return Status::OK();
    }
    for (size_t i = 0; i < column.children().size(); ++i) {
      const LogicalType::Field& child = field.type.fields()[i];
      const ColumnPtr flat = Flatten(column.children()[i]);
      CASTOR_RETURN_NOT_OK(WriteField(*flat, child, name + "." + child.name, own, own_full, lists));
    }
    return Status::OK();
  }

  // A level per element; a list without elements has one, too, and no value.
  Status WriteLists(const Column& column, const LogicalType& type, const std::string& name,
                    const Levels& levels, int16_t full, int16_t lists) {
    Levels own;
    std::vector<int32_t> elements;
    const auto* refs = column.values<ListRef>();
    for (size_t row = 0; row < levels.size(); ++row) {
      const bool there = levels.definitions[row] == full;
      const ListRef list = there ? refs[row] : ListRef{0, 0};
      const int16_t outer = levels.repetitions.empty() ? int16_t{0} : levels.repetitions[row];
      if (list.size == 0) {
        own.definitions.push_back(levels.definitions[row]);
        own.repetitions.push_back(outer);
        elements.push_back(-1);
      }
      for (int32_t i = 0; i < list.size; ++i) {
        own.definitions.push_back(static_cast<int16_t>(full + 1));
        own.repetitions.push_back(i == 0 ? outer : static_cast<int16_t>(lists + 1));
        elements.push_back(list.offset + i);
      }
    }
    const std::vector<LogicalType::Field> parts = ListParts(type);
    for (size_t i = 0; i < parts.size(); ++i) {
      const ColumnPtr part = Flatten(
          Gather(*column.children()[i], elements.data(), static_cast<int32_t>(elements.size())));
      CASTOR_RETURN_NOT_OK(WriteField(*part, parts[i], name + "." + parts[i].name, own,
                                      static_cast<int16_t>(full + 1),
                                      static_cast<int16_t>(lists + 1)));
    }
    return Status::OK();
  }

  int64_t BufferedBytes() const {
    const auto pending = group_->estimated_buffered_stats();
    return group_->total_compressed_bytes() + group_->total_compressed_bytes_written() +
           pending.def_level_bytes + pending.value_bytes + pending.dict_bytes;
  }

  void CloseGroup() {
    group_->Close();
    group_ = nullptr;
  }

  const ParquetOptions options_;
  const LogicalType row_;
  const std::shared_ptr<OutputFile> output_;
  std::vector<LeafWriter> leaves_;  // in the order of the file's columns
  size_t next_leaf_ = 0;
  std::unique_ptr<::parquet::ParquetFileWriter> file_;
  ::parquet::RowGroupWriter* group_ = nullptr;  // the open one
};

}  // namespace

Result<std::unique_ptr<BulkWriter>> MakeParquetWriter(const ParquetOptions& options,
                                                      const std::string& time_zone,
                                                      const LogicalType& row,
                                                      io::WritableFile* file) {
  CASTOR_ASSIGN_OR_RETURN(const LocalTime zone, LocalTime::Of(time_zone));
  auto writer = std::make_unique<ParquetWriter>(options, row, file, zone);
  CASTOR_RETURN_NOT_OK(writer->Open());
  return std::unique_ptr<BulkWriter>(std::move(writer));
}

}  // namespace castor::format::parquet
