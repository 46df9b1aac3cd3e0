#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "connector/print/print_sink.h"
#include "format/api/print_text.h"

namespace castor::connector::print {
namespace {

TEST(PrintTest, PrefixesOfFlinksWriter) {
  EXPECT_EQ(LinePrefix("", 0, 1), "");
  EXPECT_EQ(LinePrefix("", 1, 4), "2> ");
  EXPECT_EQ(LinePrefix("id", 0, 1), "id> ");
  EXPECT_EQ(LinePrefix("id", 1, 4), "id:2> ");
}

std::string Print(const LogicalType& type, ColumnPtr column) {
  std::string out;
  EXPECT_TRUE(column->type().SameLayout(type));
  format::AppendPrintedRow(Batch(1, {std::move(column)}), 0, &out);
  return out;
}

template <typename T>
std::string PrintOne(const LogicalType& type, T value) {
  return Print(type, MakeColumn<T>(type, {value}));
}

TEST(PrintTest, ValuesAsJavaPrintsThem) {
  EXPECT_EQ(PrintOne<int64_t>(LogicalType::Timestamp(3), 0), "+I[1970-01-01T00:00]");
  EXPECT_EQ(PrintOne<int64_t>(LogicalType::Timestamp(6), 1'500'000), "+I[1970-01-01T00:00:01.500]");
  EXPECT_EQ(PrintOne<int64_t>(LogicalType(TypeKind::kTimestampLtz, true, 3), -1),
            "+I[1969-12-31T23:59:59.999Z]");
  EXPECT_EQ(PrintOne<int32_t>(LogicalType(TypeKind::kTime, true, 0), 60'000), "+I[00:01]");
  EXPECT_EQ(PrintOne<int32_t>(LogicalType(TypeKind::kDate), -1), "+I[1969-12-31]");
  EXPECT_EQ(PrintOne<int128_t>(LogicalType::Decimal(20, 8), 0), "+I[0E-8]");
  EXPECT_EQ(PrintOne<int128_t>(LogicalType::Decimal(20, 2), -1), "+I[-0.01]");
  EXPECT_EQ(PrintOne<double>(LogicalType::Double(), 1e7), "+I[1.0E7]");
  EXPECT_EQ(PrintOne<int32_t>(LogicalType(TypeKind::kIntervalYearMonth), 14), "+I[P1Y2M]");
  EXPECT_EQ(PrintOne<int64_t>(LogicalType(TypeKind::kIntervalDayTime), 3'661'500),
            "+I[PT1H1M1.5S]");
  EXPECT_EQ(Print(LogicalType::String(), MakeStrings({std::nullopt})), "+I[null]");
  const LogicalType bytes(TypeKind::kVarBinary, true, 9);
  EXPECT_EQ(Print(bytes, MakeStrings({"\x01\xff"}, bytes)), "+I[[1, -1]]");
  const LogicalType row = LogicalType::Row({{"x", LogicalType::String()}});
  EXPECT_EQ(Print(row, Column::MakeRow(row, 1, nullptr, {MakeStrings({"a, b"})})), "+I[+I[a, b]]");
}

}  // namespace
}  // namespace castor::connector::print
