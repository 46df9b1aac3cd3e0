#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "format/api/java_time.h"
#include "format/api/row_text.h"
#include "format/parquet/local_time.h"
#include "format/parquet/parquet_format.h"
#include "format/parquet/timestamp_codec.h"

namespace castor::format::parquet {
namespace {

using ::testing::HasSubstr;

class ParquetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/castor_parquet_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    directory_ = pattern;
    RegisterParquet(&formats_);
  }
  void TearDown() override { EXPECT_TRUE(fs_.DeleteRecursively(directory_).ok()); }

  std::string File() const { return directory_ + "/f.parquet"; }

  // Rows as row text, of a type "ROW<...>".
  static Batch Rows(const LogicalType& type, std::string_view text) {
    RowTextReader reader(text, type.fields());
    std::vector<ColumnBuilder> builders;
    for (const auto& field : type.fields()) {
      builders.emplace_back(field.type);
      builders.back().Reserve(4096);
    }
    int32_t rows = 0;
    while (reader.SkipToNext()) {
      RowKind kind;
      const Status status = reader.ReadRow(&builders, rows, &kind);
      EXPECT_TRUE(status.ok()) << status.ToString();
      if (!status.ok()) break;
      ++rows;
    }
    Batch batch(rows, {});
    for (auto& builder : builders) batch.columns.push_back(builder.Finish(rows));
    return batch;
  }

  Status Write(const std::string& row, const std::vector<Batch>& batches) {
    CASTOR_ASSIGN_OR_RETURN(auto format, formats_.MakeEncoding("parquet", options_, "UTC"));
    CASTOR_ASSIGN_OR_RETURN(auto file, fs_.OpenForWrite(File()));
    CASTOR_ASSIGN_OR_RETURN(auto writer, format->MakeWriter(*LogicalType::Parse(row), file.get()));
    for (const Batch& batch : batches) {
      CASTOR_RETURN_NOT_OK(writer->Write(batch, nullptr, batch.num_rows));
    }
    CASTOR_RETURN_NOT_OK(writer->Finish());
    return file->Close();
  }
  Status Write(const std::string& row, std::string_view text) {
    return Write(row, {Rows(*LogicalType::Parse(row), text)});
  }

  // What is read of the file, or the error. `fields` projects.
  std::string Read(const std::string& row, int32_t max_rows = 1024,
                   const std::vector<int32_t>& fields = {}, const BulkFile& range = {}) {
    auto format = formats_.MakeDecoding("parquet", options_, "UTC");
    if (!format.ok()) return format.status().message();
    DecodeSpec spec = DecodeSpec::All(*LogicalType::Parse(row));
    if (!fields.empty()) {
      spec.projection.clear();
      std::vector<LogicalType::Field> produced;
      for (int32_t field : fields) {
        spec.projection.push_back({field});
        produced.push_back(spec.physical_row.fields()[static_cast<size_t>(field)]);
      }
      spec.produced_row = LogicalType::Row(produced);
    }
    BulkFile file = range;
    file.path = File();
    auto reader = (*format)->OpenFile(spec, fs_, file);
    if (!reader.ok()) return reader.status().message();
    std::string shown;
    while (true) {
      auto batch = (*reader)->Next(max_rows);
      if (!batch.ok()) return batch.status().message();
      if (batch->num_rows == 0) break;
      EXPECT_LE(batch->num_rows, max_rows);
      for (int32_t i = 0; i < batch->num_rows; ++i) AppendRowText(*batch, i, &shown);
      positions_.push_back((*reader)->position());
    }
    return shown;
  }

  std::string directory_;
  io::FileSystem& fs_ = io::LocalFileSystem();
  FormatRegistry formats_;
  std::map<std::string, std::string> options_ = {{"parquet.utc-timezone", "true"}};
  std::vector<std::string> positions_;
};

const char* const kAllTypes =
    "ROW<`a` BOOLEAN, `b` TINYINT, `c` SMALLINT, `d` INT, `e` BIGINT, `f` FLOAT, `g` DOUBLE, "
    "`h` DECIMAL(9, 2), `i` DECIMAL(18, 3), `j` DECIMAL(38, 10), `k` CHAR(3), "
    "`l` VARCHAR(2147483647), `m` BINARY(2), `n` VARBINARY(2147483647), `o` DATE, `p` TIME(0), "
    "`q` TIMESTAMP(3), `r` TIMESTAMP(6), `s` TIMESTAMP(9), `t` TIMESTAMP(3) WITH LOCAL TIME ZONE, "
    "`u` ROW<`x` INT, `y` ROW<`z` VARCHAR(9)>>>";
const char* const kAllRows =
    "+I[true, -1, 300, -70000, 9000000000, 1.5, -2.25, 1234567.89, 123456789012345.678, "
    "-1234567890123456789012345678.0123456789, \"abc\", \"a text that is not short\", x\"01ff\", "
    "x\"00\", 2026-03-02, 09:00:01, 2026-03-02 09:00:00.123, 1969-12-31 23:59:59.123456, "
    "2026-03-02 09:00:00.123456789, 2026-03-02 09:00:00.123Z, (1, (\"z\"))]"
    "+I[NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL]"
    "+I[false, 1, 2, 3, 4, 0.0, 0.0, 0.00, -0.001, 0.0000000000, \"\", \"\", x\"\", x\"\", "
    "0001-01-01, 00:00:00, 0001-01-01 00:00:00.000, 9999-12-31 23:59:59.999999, "
    "1970-01-01 00:00:00.000000000, 1970-01-01 00:00:00.000Z, (NULL, NULL)]";

TEST_F(ParquetTest, AllTypesComeBack) {
  const LogicalType type = *LogicalType::Parse(kAllTypes);
  const Batch batch = Rows(type, kAllRows);
  std::string expected;
  for (int32_t i = 0; i < batch.num_rows; ++i) AppendRowText(batch, i, &expected);
  for (const char* int64 : {"false", "true"}) {
    options_["parquet.write.int64.timestamp"] = int64;
    ASSERT_TRUE(Write(kAllTypes, {batch}).ok());
    const std::string shown = Read(kAllTypes);
    if (std::string(int64) == "false") {
      EXPECT_EQ(shown, expected);
    } else {  // microseconds in the file
      EXPECT_THAT(shown, HasSubstr("2026-03-02 09:00:00.123456000"));
    }
  }
}

TEST_F(ParquetTest, RowsThatCannotBeNull) {
  const std::string row =
      "ROW<`a` INT NOT NULL, `b` ROW<`x` INT NOT NULL, `y` INT> NOT NULL, `c` ROW<`z` INT NOT "
      "NULL>>";
  ASSERT_TRUE(Write(row, "+I[1, (2, NULL), NULL] +I[3, (4, 5), (6)]").ok());
  EXPECT_EQ(Read(row), "+I[1, (2, NULL), NULL]+I[3, (4, 5), (6)]");
  Batch batch = Rows(*LogicalType::Parse("ROW<`a` INT>"), "+I[NULL]");
  const Status status = Write("ROW<`a` INT NOT NULL>", {batch});
  EXPECT_THAT(status.message(), HasSubstr("column 'a' is NOT NULL"));
}

TEST_F(ParquetTest, Collections) {
  const std::string row =
      "ROW<`a` ARRAY<INT>, `r` ROW<`x` ARRAY<ARRAY<VARCHAR(9)>>, `y` INT>, "
      "`m` MAP<VARCHAR(9), ROW<`p` INT, `q` MAP<INT, INT>>> NOT NULL, `s` MULTISET<INT>>";
  const std::string rows =
      "+I[[1, NULL], ([[\"u\", NULL], [], NULL], 1), {\"k\": (1, {2: 3})}, {5: 2}]"
      "+I[NULL, NULL, {}, NULL]"
      "+I[[], (NULL, 2), {\"k\": NULL, \"l\": (NULL, NULL)}, {}]"
      "+I[[2], ([], NULL), {\"m\": (3, {})}, {1: 1, 2: 9}]";
  ASSERT_TRUE(Write(row, rows).ok());
  for (const int32_t max_rows : {1024, 3, 1}) EXPECT_EQ(Read(row, max_rows), rows) << max_rows;
  EXPECT_EQ(Read(row, 2, {3, 0}),
            "+I[{5: 2}, [1, NULL]]+I[NULL, NULL]+I[{}, []]"
            "+I[{1: 1, 2: 9}, [2]]");
  EXPECT_EQ(Read("ROW<`r` ROW<`new` INT, `x` ARRAY<ARRAY<VARCHAR(9)>>>>", 2),
            "+I[(NULL, [[\"u\", NULL], [], NULL])]+I[NULL]+I[(NULL, NULL)]+I[(NULL, [])]");
  EXPECT_EQ(Read(row, 2, {}, {"", 0, INT64_MAX, "3"}), rows.substr(rows.rfind("+I[")));
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("column 'a'"));
  EXPECT_THAT(Read("ROW<`s` ARRAY<INT>>"), HasSubstr("column 's'"));
  EXPECT_THAT(Read("ROW<`a` ARRAY<BIGINT>>"), HasSubstr("column 'a.element'"));
}

TEST_F(ParquetTest, KeysCannotBeNull) {
  const std::string row = "ROW<`m` MAP<INT, INT>>";
  EXPECT_THAT(Write(row, "+I[{NULL: 1}]").message(), HasSubstr("column 'm.key' is NOT NULL"));
}

TEST_F(ParquetTest, ColumnsAreFoundByName) {
  ASSERT_TRUE(Write("ROW<`a` INT, `b` INT, `c` INT>", "+I[1, 2, 3]").ok());
  EXPECT_EQ(Read("ROW<`c` INT, `new` VARCHAR(9), `a` INT>"), "+I[3, NULL, 1]");
  EXPECT_EQ(Read("ROW<`a` INT, `b` INT, `c` INT>", 10, {2, 0}), "+I[3, 1]");
  EXPECT_THAT(Read("ROW<`new` INT NOT NULL>"), HasSubstr("column 'new' is NOT NULL"));
}

TEST_F(ParquetTest, OtherTypesAreRefusedWithTheColumn) {
  ASSERT_TRUE(Write("ROW<`a` INT, `d` DECIMAL(10, 2), `r` ROW<`x` INT>>", "+I[1, 2.00, (3)]").ok());
  EXPECT_THAT(Read("ROW<`a` BIGINT>"),
              HasSubstr("column 'a': the table declares BIGINT, but the file holds INT32"));
  EXPECT_THAT(Read("ROW<`d` DECIMAL(10, 3)>"), HasSubstr("column 'd'"));
  EXPECT_THAT(Read("ROW<`r` INT>"), HasSubstr("group of fields"));
  EXPECT_THAT(Read("ROW<`r` ROW<`x` VARCHAR(1)>>"), HasSubstr("column 'r.x'"));
  EXPECT_THAT(Read("ROW<`r` ROW<`n` INT>>"), HasSubstr("none of the fields"));
}

TEST_F(ParquetTest, ResumesAtEveryBatchAcrossRowGroups) {
  options_["parquet.block.size"] = "1";  // a row group per batch
  const LogicalType type = *LogicalType::Parse("ROW<`a` INT, `b` VARCHAR(2147483647)>");
  std::vector<Batch> batches;
  std::string all;
  for (int i = 0; i < 5; ++i) {
    std::string text;
    for (int j = 0; j < 7; ++j) {
      text += "+I[" + std::to_string(i * 7 + j) + ", \"row number " + std::to_string(j) + "\"]";
    }
    batches.push_back(Rows(type, text));
    all += text;
  }
  ASSERT_TRUE(Write("ROW<`a` INT, `b` VARCHAR(2147483647)>", batches).ok());
  const std::string row = "ROW<`a` INT, `b` VARCHAR(2147483647)>";
  EXPECT_EQ(Read(row, 3), all);
  const std::vector<std::string> positions = std::exchange(positions_, {});
  EXPECT_EQ(positions.size(), 15u);
  for (const std::string& position : positions) {
    const auto rows = std::stoul(position);
    const std::string rest =
        rows == 35 ? "" : all.substr(all.find("+I[" + std::to_string(rows) + ", "));
    EXPECT_EQ(Read(row, 3, {}, {"", 0, INT64_MAX, position}), rest) << position;
  }
  EXPECT_THAT(Read(row, 3, {}, {"", 0, INT64_MAX, "99"}), HasSubstr("fewer rows"));
}

TEST_F(ParquetTest, RangesGiveEachRowGroupOnce) {
  options_["parquet.block.size"] = "1";
  const std::string row = "ROW<`a` INT>";
  const LogicalType type = *LogicalType::Parse(row);
  ASSERT_TRUE(
      Write(row, {Rows(type, "+I[1]+I[2]"), Rows(type, "+I[3]"), Rows(type, "+I[4]")}).ok());
  const int64_t size = fs_.Stat(File())->size;
  for (int64_t cut = 0; cut <= size; cut += 5) {
    EXPECT_EQ(Read(row, 9, {}, {"", 0, cut, ""}) + Read(row, 9, {}, {"", cut, size, ""}),
              "+I[1]+I[2]+I[3]+I[4]");
  }
}

TEST_F(ParquetTest, BrokenFilesAreErrors) {
  ASSERT_TRUE(io::WriteFileAtomically(fs_, File(), "a,b,c\n").ok());
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("not a readable Parquet file"));
  std::string rows;
  for (int i = 0; i < 3000; ++i) rows += "+I[" + std::to_string(i * 7919) + "]";
  ASSERT_TRUE(Write("ROW<`a` INT>", rows).ok());
  std::string bytes = *io::ReadWholeFile(fs_, File());
  std::string torn = bytes.substr(0, bytes.size() / 2);
  ASSERT_TRUE(io::WriteFileAtomically(fs_, File(), torn).ok());
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("not a readable Parquet file"));
  for (size_t i = 20; i < 60; ++i) bytes[i] = '\xff';
  ASSERT_TRUE(io::WriteFileAtomically(fs_, File(), bytes).ok());
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("not a readable Parquet file"));
}

TEST_F(ParquetTest, TimestampsThatDoNotFit) {
  ASSERT_TRUE(Write("ROW<`a` TIMESTAMP(3)>", "+I[9999-12-31 00:00:00.000]").ok());
  EXPECT_THAT(Read("ROW<`a` TIMESTAMP(9)>"), HasSubstr("column 'a': a value lies outside"));
  options_["parquet.write.int64.timestamp"] = "true";
  options_["parquet.timestamp.time.unit"] = "nanos";
  const Status status = Write("ROW<`a` TIMESTAMP(3)>", "+I[9999-12-31 00:00:00.000]");
  EXPECT_THAT(status.message(), HasSubstr("'parquet.timestamp.time.unit'"));
}

TEST_F(ParquetTest, Compressions) {
  for (const char* name : {"UNCOMPRESSED", "snappy", "GZIP", "ZSTD", "LZ4", "LZ4_RAW", "BROTLI"}) {
    options_["parquet.compression"] = name;
    ASSERT_TRUE(Write("ROW<`a` INT>", "+I[1]+I[NULL]").ok()) << name;
    EXPECT_EQ(Read("ROW<`a` INT>"), "+I[1]+I[NULL]") << name;
  }
}

TEST_F(ParquetTest, OptionsAreCheckedByName) {
  options_["parquet.compression"] = "LZO";
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("option 'parquet.compression': 'LZO' is none of"));
  options_.erase("parquet.compression");
  options_["parquet.bloom.filter.enabled"] = "true";
  EXPECT_THAT(Read("ROW<`a` INT>"), HasSubstr("'parquet.bloom.filter.enabled' is not known"));
}

int64_t Seconds(int64_t year, int32_t month, int32_t day, int64_t hour) {
  return DaysFromCivil(year, month, day) * 86'400 + hour * 3'600;
}

TEST(LocalTimeTest, SkippedAndRepeatedHours) {
  LocalTime berlin = *LocalTime::Of("Europe/Berlin");
  EXPECT_EQ(berlin.ToInstant(Seconds(2026, 1, 1, 12)), Seconds(2026, 1, 1, 11));
  EXPECT_EQ(berlin.ToInstant(Seconds(2026, 7, 1, 12)), Seconds(2026, 7, 1, 10));
  EXPECT_EQ(berlin.ToInstant(Seconds(2026, 3, 29, 2)), Seconds(2026, 3, 29, 1));    // skipped
  EXPECT_EQ(berlin.ToInstant(Seconds(2026, 10, 25, 2)), Seconds(2026, 10, 25, 1));  // repeated
  EXPECT_EQ(berlin.FromInstant(Seconds(2026, 10, 25, 1)), Seconds(2026, 10, 25, 2));
  for (int64_t hour = 0; hour < 24 * 400; ++hour) {
    const int64_t instant = Seconds(2025, 12, 1, hour);
    const int64_t back = berlin.ToInstant(berlin.FromInstant(instant));
    EXPECT_TRUE(back == instant || back == instant + 3'600) << hour;
  }
}

TEST(LocalTimeTest, DatesBeforeTheGregorianCalendar) {
  LocalTime utc = *LocalTime::Of("UTC");
  EXPECT_FALSE(utc.is_identity());
  EXPECT_EQ(utc.ToInstant(Seconds(1500, 3, 1, 5)), Seconds(1500, 3, 11, 5));
  EXPECT_EQ(utc.ToInstant(Seconds(1, 1, 1, 0)),
            -62'135'769'600);  // new java.util.Date(-1899, 0, 1)
  EXPECT_EQ(utc.ToInstant(Seconds(1583, 1, 1, 0)), Seconds(1583, 1, 1, 0));
  for (int64_t year = 1; year < 1582; ++year) {
    EXPECT_EQ(utc.FromInstant(utc.ToInstant(Seconds(year, 6, 15, 0))), Seconds(year, 6, 15, 0));
  }
}

TEST(TimestampCodecTest, Int96AndInt64) {
  TimestampCodec millis(1'000, TimestampUnit::kNanos, *LocalTime::Of(""));
  const Int96Parts parts = millis.ToInt96(-1);
  EXPECT_EQ(parts.julian_day, 2'440'587);
  EXPECT_EQ(parts.nanos_of_day, 86'399'999'000'000);
  EXPECT_EQ(millis.FromInt96(parts), -1);
  // As Flink writes instants before 1970.
  EXPECT_EQ(millis.FromInt96({-1'000'000, 2'440'588}), -1);
  EXPECT_EQ(millis.ToInt64(-1), -1'000'000);
  EXPECT_EQ(millis.FromInt64(-1), -1);
  EXPECT_EQ(millis.FromInt64(1'999'999), 1);
}

}  // namespace
}  // namespace castor::format::parquet
