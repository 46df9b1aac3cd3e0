#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "column/test_columns.h"
#include "connector/datagen/datagen_source.h"

namespace castor::connector::datagen {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DatagenTest : public ::testing::Test {
 protected:
  void Columns(const std::string& row) {
    const auto type = LogicalType::Parse("ROW<" + row + ">");
    for (const LogicalType::Field& field : type->fields()) {
      table_.columns.push_back({field.name, field.type, {}, "", false});
    }
    abilities_.produced_type = table_.PhysicalRow();
  }

  Result<std::unique_ptr<Source>> Make() {
    return MakeDatagenSource({table_, abilities_, configuration_});
  }

  std::unique_ptr<SourceReader> Reader(Source* source, std::vector<Split> splits) {
    auto reader = std::move(source->MakeReader()).value();
    ReaderContext context;
    context.clock = &clock_;
    context.batch_rows = 100;
    EXPECT_TRUE(reader->Open(context).ok());
    EXPECT_TRUE(reader->AddSplits(std::move(splits)).ok());
    return reader;
  }

  // One string per row, from all batches until nothing is due.
  std::vector<std::string> Drain(SourceReader* reader) {
    std::vector<std::string> rows;
    while (true) {
      auto polled = reader->Poll();
      EXPECT_TRUE(polled.ok());
      state_ = polled->state;
      if (state_ != PollState::kBatch) return rows;
      for (int32_t i = 0; i < polled->batch.num_rows; ++i) {
        std::string text;
        for (const ColumnPtr& column : polled->batch.columns) {
          text += (text.empty() ? "" : "|") + ShowValue(*column, i);
        }
        rows.push_back(text);
      }
    }
  }

  plan::Table table_;
  plan::ScanAbilities abilities_;
  Configuration configuration_;
  ManualClock clock_{1'000'000};
  PollState state_ = PollState::kPending;
};

TEST_F(DatagenTest, SequencesEndTheSource) {
  Columns("`a` INT, `b` VARCHAR(9)");
  table_.options = {{"fields.a.kind", "sequence"}, {"fields.a.start", "5"}, {"fields.a.end", "7"},
                    {"fields.b.kind", "sequence"}, {"fields.b.start", "0"}, {"fields.b.end", "9"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  EXPECT_FALSE((*source)->bounded());
  auto discovery = (*(*source)->MakeEnumerator(2, ""))->Discover();
  ASSERT_EQ(discovery->splits.size(), 2u);
  clock_.Set(0);
  auto first = Reader(source->get(), {discovery->splits[0]});
  auto second = Reader(source->get(), {discovery->splits[1]});
  clock_.Set(1000);
  EXPECT_THAT(Drain(first.get()), ElementsAre("5|0", "7|2"));
  EXPECT_EQ(state_, PollState::kFinished);
  EXPECT_THAT(Drain(second.get()), ElementsAre("6|1"));
}

TEST_F(DatagenTest, RateAndNumberOfRows) {
  Columns("`a` BOOLEAN");
  table_.options = {{"rows-per-second", "10"}, {"number-of-rows", "25"}};
  auto source = Make();
  EXPECT_TRUE((*source)->bounded());
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  EXPECT_EQ(Drain(reader.get()).size(), 1u);
  EXPECT_EQ(state_, PollState::kPending);
  clock_.Advance(1000);
  EXPECT_EQ(Drain(reader.get()).size(), 10u);
  clock_.Advance(10'000);
  EXPECT_EQ(Drain(reader.get()).size(), 14u);
  EXPECT_EQ(state_, PollState::kFinished);
}

TEST_F(DatagenTest, ARestoredReaderGoesOnWithTheSameRows) {
  Columns("`a` BIGINT, `b` VARCHAR(2147483647)");
  table_.options = {{"rows-per-second", "1000"}, {"number-of-rows", "300"}};
  auto source = Make();
  const auto splits = (*(*source)->MakeEnumerator(1, ""))->Discover()->splits;
  auto whole = Reader(source->get(), splits);
  clock_.Advance(10'000);
  const auto all = Drain(whole.get());
  ASSERT_EQ(all.size(), 300u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 300u);

  auto first = Reader(source->get(), splits);
  clock_.Advance(100);
  auto rows = Drain(first.get());
  EXPECT_EQ(rows.size(), 101u);
  auto second = Reader(source->get(), *first->SnapshotSplits());
  clock_.Advance(10'000);
  for (std::string& row : Drain(second.get())) rows.push_back(std::move(row));
  EXPECT_EQ(rows, all);
}

TEST_F(DatagenTest, RandomValuesKeepTheirRanges) {
  Columns(
      "`i` INT, `t` TINYINT, `d` DOUBLE, `n` DECIMAL(4, 1), `s` VARCHAR(20), `v` VARCHAR(8), "
      "`x` BINARY(3), `ts` TIMESTAMP(3), `r` ROW<`y` SMALLINT>");
  table_.options = {
      {"number-of-rows", "500"},    {"fields.i.min", "-3"},         {"fields.i.max", "3"},
      {"fields.d.min", "1.5"},      {"fields.d.max", "2"},          {"fields.s.length", "5"},
      {"fields.v.var-len", "true"}, {"fields.ts.max-past", "10 s"}, {"fields.r.y.min", "7"},
      {"fields.r.y.max", "7"},      {"fields.t.null-rate", "0.5"},  {"fields.n.max", "20"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(1, ""))->Discover()->splits);
  clock_.Advance(10'000);
  int64_t rows = 0, nulls = 0;
  std::set<int32_t> ints;
  std::set<size_t> lengths;
  while (true) {
    auto polled = reader->Poll();
    if (polled->state != PollState::kBatch) break;
    const auto& columns = polled->batch.columns;
    for (int32_t i = 0; i < polled->batch.num_rows; ++i, ++rows) {
      ints.insert(columns[0]->values<int32_t>()[i]);
      nulls += columns[1]->IsNull(i) ? 1 : 0;
      const double d = columns[2]->values<double>()[i];
      EXPECT_TRUE(d >= 1.5 && d <= 2) << d;
      const auto n = columns[3]->values<int128_t>()[i];
      EXPECT_TRUE(n >= 0 && n <= 200);
      EXPECT_EQ(columns[4]->values<StringRef>()[i].size(), 5u);
      lengths.insert(columns[5]->values<StringRef>()[i].size());
      EXPECT_EQ(columns[6]->values<StringRef>()[i].size(), 3u);
      const int64_t ts = columns[7]->values<int64_t>()[i];
      EXPECT_TRUE(ts > clock_.NowMs() - 10'000 && ts <= clock_.NowMs());
      EXPECT_EQ(ShowValue(*columns[8], i), "(7)");
    }
  }
  EXPECT_EQ(rows, 500);
  EXPECT_THAT(ints, ElementsAre(-3, -2, -1, 0, 1, 2, 3));
  EXPECT_GT(nulls, 200);
  EXPECT_LT(nulls, 300);
  EXPECT_THAT(lengths, ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(DatagenTest, CollectionsHaveTheElementsTheirOptionsSay) {
  Columns("`a` ARRAY<INT>, `m` MAP<TINYINT, ROW<`x` INT>>, `s` MULTISET<SMALLINT>");
  table_.options = {
      {"number-of-rows", "200"},     {"fields.a.length", "4"},      {"fields.a.element.min", "7"},
      {"fields.a.element.max", "7"}, {"fields.a.null-rate", "0.5"}, {"fields.m.key.min", "1"},
      {"fields.m.key.max", "2"},     {"fields.m.value.x.min", "5"}, {"fields.m.value.x.max", "5"},
      {"fields.s.length", "1"},      {"fields.s.element.min", "3"}, {"fields.s.element.max", "3"}};
  auto source = Make();
  ASSERT_TRUE(source.ok()) << source.status().ToString();
  auto reader = Reader(source->get(), (*(*source)->MakeEnumerator(2, ""))->Discover()->splits);
  clock_.Advance(10'000);
  std::set<std::string> arrays;
  std::set<std::string> maps;
  std::set<std::string> multisets;
  for (const std::string& row : Drain(reader.get())) {
    const size_t first = row.find('|');
    const size_t second = row.find('|', first + 1);
    arrays.insert(row.substr(0, first));
    maps.insert(row.substr(first + 1, second - first - 1));
    multisets.insert(row.substr(second + 1));
  }
  EXPECT_THAT(arrays, ElementsAre("[7,7,7,7]", "null"));
  // Three entries with two keys between them; the last of a key stays in the place of the first.
  EXPECT_THAT(maps, ElementsAre("{1:(5),2:(5)}", "{1:(5)}", "{2:(5),1:(5)}", "{2:(5)}"));
  EXPECT_EQ(multisets.size(), 11u);  // 0 to 10 copies
}

TEST_F(DatagenTest, RefusesWrongOptions) {
  Columns("`a` INT, `c` CHAR(3)");
  const std::vector<std::pair<std::map<std::string, std::string>, std::string>> cases = {
      {{{"fields.a.kind", "sequence"}}, "option 'fields.a.start'"},
      {{{"fields.a.kind", "other"}}, "option 'fields.a.kind'"},
      {{{"fields.a.min", "5"}, {"fields.a.max", "4"}}, "option 'fields.a.max'"},
      {{{"fields.c.length", "2"}}, "option 'fields.c.length'"},
      {{{"fields.a.var-len", "true"}}, "option 'fields.a.var-len'"},
      {{{"rows-per-second", "0"}}, "option 'rows-per-second'"},
      {{{"fields.b.kind", "random"}}, "option 'fields.b.kind' is not known"},
      {{{"fields.c.min", "1"}}, "option 'fields.c.min' is not known"},
  };
  for (const auto& [options, message] : cases) {
    table_.options = options;
    auto source = Make();
    ASSERT_FALSE(source.ok()) << message;
    EXPECT_THAT(source.status().message(), HasSubstr(message));
  }
  Columns("`m` ARRAY<INT>");
  table_.options = {{"fields.m.kind", "sequence"}, {"fields.m.start", "1"}, {"fields.m.end", "2"}};
  EXPECT_THAT(Make().status().message(), HasSubstr("column 'm'"));
}

}  // namespace
}  // namespace castor::connector::datagen
