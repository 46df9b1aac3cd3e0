#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "connector/values/values_connector.h"
#include "connector/values/values_script.h"
#include "format/api/row_text.h"

namespace castor::connector::values {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ValuesTest : public ::testing::Test {
 protected:
  void Columns(const std::string& row) {
    const auto type = LogicalType::Parse("ROW<" + row + ">");
    for (const LogicalType::Field& field : type->fields()) {
      table_.columns.push_back({field.name, field.type, {}, "", false});
    }
    abilities_.produced_type = table_.PhysicalRow();
    table_.identifier = "`c`.`d`.`t`";
  }

  Result<std::unique_ptr<Source>> Make() {
    return MakeValuesSource({table_, abilities_, configuration_}, systems_);
  }

  std::unique_ptr<SourceReader> Reader(Source* source, std::vector<Split> splits) {
    auto reader = std::move(source->MakeReader()).value();
    ReaderContext context;
    context.clock = &clock_;
    context.batch_rows = 2;
    EXPECT_TRUE(reader->Open(context).ok());
    EXPECT_TRUE(reader->AddSplits(std::move(splits)).ok());
    return reader;
  }

  // Rows and marks in order, until the reader has no more for now.
  std::vector<std::string> Drain(SourceReader* reader, int32_t batches = INT32_MAX) {
    std::vector<std::string> shown;
    for (; batches > 0; --batches) {
      auto polled = reader->Poll();
      state_ = polled->state;
      retry_at_ms_ = polled->retry_at_ms;
      if (state_ != PollState::kBatch) break;
      size_t mark = 0;
      for (int32_t i = 0; i <= polled->batch.num_rows; ++i) {
        for (; mark < polled->batch.marks.size() && polled->batch.marks[mark].row == i; ++mark) {
          shown.push_back("@" + std::to_string(polled->batch.marks[mark].watermark));
        }
        if (i == polled->batch.num_rows) break;
        shown.emplace_back();
        format::AppendRowText(polled->batch, i, &shown.back());
      }
    }
    return shown;
  }

  std::string Error(const std::string& rows) {
    table_.options["rows"] = rows;
    return Make().status().message();
  }

  plan::Table table_;
  plan::ScanAbilities abilities_;
  Configuration configuration_;
  io::FileSystemRegistry systems_;
  ManualClock clock_{5000};
  PollState state_ = PollState::kPending;
  TimestampMs retry_at_ms_ = 0;
};

TEST_F(ValuesTest, EmitsRowsInOrderAndResumes) {
  Columns("`a` INT, `b` VARCHAR(99)");
  table_.options = {{"rows", "\n [1, \"x\"] # one\n+U[2, NULL]-D [ 3 , \"#\\\"\" ]"},
                    {"changelog-mode", "I, UA, D"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  const auto splits = (*(*source)->MakeEnumerator(4, ""))->Discover()->splits;
  ASSERT_EQ(splits.size(), 1u);
  auto reader = Reader(source->get(), splits);
  EXPECT_THAT(Drain(reader.get(), 1), ElementsAre("+I[1, \"x\"]", "+U[2, NULL]"));
  auto restored = Reader(source->get(), *reader->SnapshotSplits());
  EXPECT_THAT(Drain(restored.get()), ElementsAre("-D[3, \"#\\\"\"]"));
  EXPECT_EQ(state_, PollState::kFinished);
}

TEST_F(ValuesTest, ReadsCollections) {
  Columns(
      "`a` ARRAY<INT>, `m` MAP<TIME(0), VARCHAR(9)>, `s` MULTISET<VARCHAR(9)>, "
      "`n` ARRAY<ROW<`x` INT, `y` MAP<INT, INT>>>");
  table_.options = {{"rows",
                     "[[1, NULL ,3], {12:00:01: \"b\", 01:00:00: NULL}, {\"q\": 2, \"p\": 1}, []]\n"
                     "[[], {}, NULL, [(1, {2: 3, 1: 4}), NULL]]"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(
      Drain(reader.get()),
      ElementsAre("+I[[1, NULL, 3], {01:00:00: NULL, 12:00:01: \"b\"}, {\"p\": 1, \"q\": 2}, []]",
                  "+I[[], {}, NULL, [(1, {1: 4, 2: 3}), NULL]]"));
  EXPECT_THAT(Error("[[1 2], {}, {}, []]"), HasSubstr("column 'a'"));
  EXPECT_THAT(Error("[[1], {01:00:00 2}, {}, []]"), HasSubstr("column 'm'"));
}

TEST_F(ValuesTest, WatermarksPausesAndOpenEnds) {
  Columns("`ts` TIMESTAMP(3)");
  table_.options = {{"rows",
                     "@watermark 1970-01-01 00:00:01\n[1970-01-01 00:00:02]\n"
                     "@watermark 1969-12-31 23:59:59.999\n@pause 50\n[1970-01-01 00:00:03]"},
                    {"bounded", "false"}};
  abilities_.source_watermark = true;
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("@1000", "+I[1970-01-01 00:00:02.000]", "@-1"));
  EXPECT_EQ(state_, PollState::kPending);
  EXPECT_EQ(retry_at_ms_, 5050);
  clock_.Advance(50);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[1970-01-01 00:00:03.000]"));
  EXPECT_EQ(state_, PollState::kPending);
  EXPECT_EQ(retry_at_ms_, kMaxWatermark);
}

TEST_F(ValuesTest, ProjectionAndLimit) {
  Columns("`a` INT, `r` ROW<`x` INT, `y` VARCHAR(9)>");
  table_.options = {{"rows", "[1, (2, \"q\")] [3, NULL] [5, (NULL, \"r\")] [7, NULL]"}};
  abilities_.projected = true;
  abilities_.projected_fields = {{1, 1}, {0}};
  abilities_.limit = 3;
  abilities_.produced_type = *LogicalType::Parse("ROW<`r_y` VARCHAR(9), `a` INT>");
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[\"q\", 1]", "+I[NULL, 3]", "+I[\"r\", 5]"));
}

TEST_F(ValuesTest, MetadataStandsBehindThePhysicalColumns) {
  Columns("`a` INT, `b` BIGINT");
  table_.options = {{"rows", "[1, 2, x\"0a\", 1970-01-01 00:00:01.500] [3, 4, NULL, NULL]"},
                    {"readable-metadata", "`key` BYTES, `at` TIMESTAMP(3)"}};
  abilities_.projected = true;
  abilities_.projected_fields = {{1}};
  abilities_.metadata_keys = {"at"};
  abilities_.produced_type = *LogicalType::Parse("ROW<`b` BIGINT, `at` TIMESTAMP(3)>");
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[2, 1970-01-01 00:00:01.500]", "+I[4, NULL]"));
  abilities_.metadata_keys = {"offset"};
  EXPECT_THAT(Make().status().message(), HasSubstr("no column 'offset'"));
}

TEST_F(ValuesTest, OnlyThePartitionsThatAreAskedForAreRead) {
  Columns("`a` INT, `p` VARCHAR(9), `q` INT");
  table_.options = {{"rows", "[1, \"x\", 1] [2, \"y\", 1] @pause 1\n[3, \"x\", 2] [4, NULL, 1]"}};
  abilities_.has_partitions = true;
  abilities_.partitions = {{{"p", "x"}, {"q", "2"}}, {{"p", "y"}, {"q", "1"}}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[2, \"y\", 1]"));
  clock_.Advance(1);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[3, \"x\", 2]"));
}

TEST_F(ValuesTest, NullsInsideValuesAreReadWhateverTheirTypesSay) {
  Columns("`a` ARRAY<INT NOT NULL> NOT NULL, `r` ROW<`x` BIGINT NOT NULL>");
  table_.options = {{"rows", "[[1, NULL], (NULL)]"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_THAT(Drain(reader.get()), ElementsAre("+I[[1, NULL], (NULL)]"));
}

TEST_F(ValuesTest, ErrorsNameTablesLinesAndColumns) {
  Columns("`a` INT NOT NULL, `b` TIMESTAMP(3)");
  EXPECT_THAT(Error("[1, NULL]\n[x, NULL]"),
              HasSubstr("line 2, column 'a': expected a value of INT"));
  EXPECT_THAT(Error("[NULL, NULL]"), HasSubstr("column 'a'"));
  EXPECT_THAT(Error("[1, 2020-01-01 00:00:00.0001]"), HasSubstr("column 'b'"));
  EXPECT_THAT(Error("[1]"), HasSubstr("column 'b': expected ',' and a value"));
  EXPECT_THAT(Error("[1, NULL, 2]"), HasSubstr("expected ']' after 2 values"));
  EXPECT_THAT(Error("-D[1, NULL]"), HasSubstr("row kind -D is not in"));
  EXPECT_THAT(Error("@watermark 2020-01-01 00:00:00"), HasSubstr("SOURCE_WATERMARK"));
  EXPECT_THAT(Error("@stop"), HasSubstr("no mark @stop"));
  table_.options["rows.path"] = "x";
  EXPECT_THAT(Error("[1, NULL]"), HasSubstr("`c`.`d`.`t`"));
}

TEST_F(ValuesTest, SinkWritesFilesExactlyOnce) {
  Columns("`a` INT");
  char pattern[] = "/tmp/castor_values_XXXXXX";
  ASSERT_NE(::mkdtemp(pattern), nullptr);
  const std::string directory = pattern;
  table_.options = {{"path", directory}};
  plan::Bundle bundle;
  auto sink = MakeValuesSink({table_, table_.PhysicalRow(), {}, {}, false, configuration_, bundle},
                             systems_);
  ASSERT_TRUE(sink.ok());
  auto committer = std::move((*sink)->MakeCommitter()).value();
  const auto writer_of = [&](const std::string& attempt) {
    auto writer = std::move((*sink)->MakeWriter()).value();
    WriterContext context;
    context.attempt_id = attempt;
    EXPECT_TRUE(writer->Open(context).ok());
    return writer;
  };
  MutableColumnPtr column = Column::MakeFlat(LogicalType::Integer(), 1);
  column->mutable_values<int32_t>()[0] = 1;
  const Batch batch(1, {column});

  auto writer = writer_of("A");
  ASSERT_TRUE(writer->Write(batch).ok());
  auto committables = *writer->PrepareCommit();
  const std::string state = *writer->Snapshot();
  ASSERT_TRUE(committer->Commit(committables).ok());
  ASSERT_TRUE(committer->Commit(committables).ok());
  auto restored = writer_of("B");
  ASSERT_TRUE(restored->Restore(state).ok());
  ASSERT_TRUE(restored->Write(batch).ok());
  ASSERT_TRUE(committer->Commit(*restored->PrepareCommit()).ok());

  io::FileSystem& fs = io::LocalFileSystem();
  std::vector<std::string> names;
  const auto entries = fs.List(directory);
  for (const io::FileInfo& entry : *entries) names.emplace_back(io::BaseName(entry.path));
  EXPECT_THAT(names, ElementsAre("0000000001-0000-A.rows", "0000000002-0000-B.rows"));
  EXPECT_EQ(*io::ReadWholeFile(fs, entries->front().path), "+I[1]\n");
  auto fresh = writer_of("C");
  ASSERT_TRUE(fresh->Write(batch).ok());
  EXPECT_THAT(fresh->PrepareCommit().status().message(), HasSubstr("is not empty"));

  auto overwriting = MakeValuesSink(
      {table_, table_.PhysicalRow(), {}, {}, true, configuration_, bundle}, systems_);
  ASSERT_TRUE(overwriting.ok());
  auto over = std::move((*overwriting)->MakeWriter()).value();
  WriterContext context;
  context.attempt_id = "D";
  ASSERT_TRUE(over->Open(context).ok());
  ASSERT_TRUE(over->Write(batch).ok());
  ASSERT_TRUE(committer->Commit(*over->PrepareCommit()).ok());
  EXPECT_EQ(fs.List(directory)->size(), 1u);
  EXPECT_TRUE(fs.DeleteRecursively(directory).ok());
}

}  // namespace
}  // namespace castor::connector::values
