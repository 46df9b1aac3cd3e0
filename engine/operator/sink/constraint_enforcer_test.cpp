#include "operator/sink/constraint_enforcer.h"

#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"

namespace castor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const LogicalType kChar3(TypeKind::kChar, true, 3);
const LogicalType kVarChar3(TypeKind::kVarChar, true, 3);

Configuration Options(const std::string& not_null, const std::string& length,
                      const std::string& nested = "IGNORE") {
  return Configuration({{"table.exec.sink.not-null-enforcer", not_null},
                        {"table.exec.sink.type-length-enforcer", length},
                        {"table.exec.sink.nested-constraint-enforcer", nested}});
}

Result<Batch> Enforce(const LogicalType& row, const Configuration& options, Batch batch) {
  const auto enforcer = ConstraintEnforcer::Make(row, options);
  if (!enforcer.ok()) return enforcer.status();
  return enforcer->Enforce(std::move(batch));
}

ColumnPtr Ints(const std::vector<std::optional<int32_t>>& values) {
  return MakeColumn<int32_t>(LogicalType::Integer(), values);
}

TEST(ConstraintEnforcerTest, NothingToEnforceNothingTouched) {
  const LogicalType row = LogicalType::Row({{"a", LogicalType::Integer()}});
  const Batch batch = MakeBatch({Ints({1, std::nullopt})});
  const auto result = Enforce(row, Options("ERROR", "IGNORE"), batch);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->columns[0].get(), batch.columns[0].get());
}

TEST(ConstraintEnforcerTest, NullsFailOrAreDropped) {
  const LogicalType row = LogicalType::Row({{"a", LogicalType::Integer(false)}});
  const auto error = Enforce(row, Options("ERROR", "IGNORE"), MakeBatch({Ints({1, std::nullopt})}));
  EXPECT_EQ(error.status().code(), StatusCode::kDataError);
  EXPECT_THAT(error.status().message(),
              HasSubstr("Column 'a' is NOT NULL, however, a null value is being written"));
  const auto dropped =
      Enforce(row, Options("DROP", "IGNORE"),
              MakeBatch({Ints({1, std::nullopt, 3})},
                        {RowKind::kInsert, RowKind::kInsert, RowKind::kDelete}, {{2, 7}}));
  ASSERT_TRUE(dropped.ok());
  EXPECT_THAT(ShowRows(*dropped), ElementsAre("+I(1)", "-D(3)"));
  ASSERT_EQ(dropped->marks.size(), 1u);
  EXPECT_EQ(dropped->marks[0].row, 1);
}

// Lengths count code points, not bytes.
TEST(ConstraintEnforcerTest, CollectionsAreLookedIntoWhenTold) {
  const LogicalType array =
      LogicalType::Collection(TypeKind::kArray, {LogicalType::Integer(false)}, true);
  const LogicalType row = LogicalType::Row({{"a", array}});
  const auto batch = [&] {
    return MakeBatch({MakeLists(array, {2, std::nullopt, 1}, {Ints({1, std::nullopt, 3})})});
  };
  EXPECT_TRUE(Enforce(row, Options("ERROR", "IGNORE", "ROWS"), batch()).ok());
  const auto error = Enforce(row, Options("ERROR", "IGNORE", "ROWS_AND_COLLECTIONS"), batch());
  EXPECT_THAT(error.status().message(), HasSubstr("Column 'a[]' is NOT NULL"));
  const auto dropped = Enforce(row, Options("DROP", "IGNORE", "ROWS_AND_COLLECTIONS"), batch());
  ASSERT_TRUE(dropped.ok());
  EXPECT_THAT(ShowRows(*dropped), ElementsAre("+I(null)", "+I([3])"));

  const LogicalType texts = LogicalType::Collection(TypeKind::kArray, {kVarChar3}, true);
  const auto wrong =
      Enforce(LogicalType::Row({{"t", texts}}), Options("ERROR", "ERROR", "ROWS_AND_COLLECTIONS"),
              MakeBatch({MakeLists(texts, {2}, {MakeStrings({"abc", "abcd"})})}));
  EXPECT_THAT(wrong.status().message(), HasSubstr("Column 't[]' is VARCHAR(3)"));
}

TEST(ConstraintEnforcerTest, CharactersAreTrimmedAndPadded) {
  const LogicalType row = LogicalType::Row({{"c", kChar3}, {"v", kVarChar3}});
  const auto column = [] {
    return MakeStrings({{"a"}, {"ä€𝄞x"}, std::nullopt, {"abc"}, {"a much longer text than that"}});
  };
  const auto result = Enforce(row, Options("ERROR", "TRIM_PAD"), MakeBatch({column(), column()}));
  ASSERT_TRUE(result.ok());
  EXPECT_THAT(ShowRows(*result), ElementsAre("+I(a  ,a)", "+I(ä€𝄞,ä€𝄞)", "+I(null,null)",
                                             "+I(abc,abc)", "+I(a m,a m)"));
}

TEST(ConstraintEnforcerTest, BytesArePaddedByZeros) {
  const LogicalType row = LogicalType::Row({{"b", LogicalType(TypeKind::kBinary, true, 3)}});
  const auto result = Enforce(row, Options("ERROR", "TRIM_PAD"),
                              MakeBatch({MakeStrings({{"x"}, {"abcd"}}, row.fields()[0].type)}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->columns[0]->values<StringRef>()[0].view(), std::string_view("x\0\0", 3));
  EXPECT_EQ(result->columns[0]->values<StringRef>()[1].view(), "abc");
}

TEST(ConstraintEnforcerTest, WrongLengthsFail) {
  const LogicalType row = LogicalType::Row({{"v", kVarChar3}});
  const auto error =
      Enforce(row, Options("ERROR", "ERROR"), MakeBatch({MakeStrings({{"abc"}, {"abcde"}})}));
  EXPECT_THAT(
      error.status().message(),
      HasSubstr(
          "Column 'v' is VARCHAR(3), however, a string of length 5 is being written into it"));
  const LogicalType padded = LogicalType::Row({{"c", kChar3}});
  EXPECT_FALSE(Enforce(padded, Options("ERROR", "ERROR"), MakeBatch({MakeStrings({{"ab"}})})).ok());
  EXPECT_TRUE(Enforce(padded, Options("ERROR", "ERROR"), MakeBatch({MakeStrings({{"abc"}})})).ok());
}

TEST(ConstraintEnforcerTest, FieldsOfRowsOnlyIfAskedFor) {
  const LogicalType inner =
      LogicalType::Row({{"n", LogicalType::Integer(false)}, {"v", kVarChar3}});
  const LogicalType row = LogicalType::Row({{"r", inner}});
  const auto batch = [&] {
    BufferPtr validity = Buffer::AllocateZeroed(8);
    bitmap::Set(validity->data(), 0);
    bitmap::Set(validity->data(), 1);
    return MakeBatch({Column::MakeRow(
        inner, 3, validity,
        {Ints({1, std::nullopt, std::nullopt}), MakeStrings({{"abcd"}, {"b"}, {"c"}})})});
  };
  EXPECT_THAT(ShowRows(*Enforce(row, Options("ERROR", "TRIM_PAD"), batch())),
              ElementsAre("+I((1,abcd))", "+I((null,b))", "+I(null)"));
  EXPECT_THAT(Enforce(row, Options("ERROR", "IGNORE", "ROWS"), batch()).status().message(),
              HasSubstr("Column 'r.n' is NOT NULL"));
  EXPECT_THAT(ShowRows(*Enforce(row, Options("DROP", "TRIM_PAD", "ROWS"), batch())),
              ElementsAre("+I((1,abc))", "+I(null)"));
}

TEST(ConstraintEnforcerTest, RefusesUnknownOptionValues) {
  const LogicalType row = LogicalType::Row({});
  EXPECT_THAT(ConstraintEnforcer::Make(row, Options("KEEP", "IGNORE")).status().message(),
              HasSubstr("not-null-enforcer': 'KEEP'"));
  EXPECT_FALSE(ConstraintEnforcer::Make(row, Options("ERROR", "CUT")).ok());
  EXPECT_FALSE(ConstraintEnforcer::Make(row, Options("ERROR", "IGNORE", "ALL")).ok());
  EXPECT_FALSE(
      ConstraintEnforcer::Make(row, Options("ERROR", "TRIM_PAD", "ROWS_AND_COLLECTIONS")).ok());
}

TEST(ConstraintEnforcerTest, KnowsWhichFieldsItChanges) {
  const LogicalType row = LogicalType::Row({{"a", LogicalType::Integer(false)}, {"v", kVarChar3}});
  const auto trims = ConstraintEnforcer::Make(row, Options("ERROR", "TRIM_PAD"));
  EXPECT_FALSE(trims->Changes(0));
  EXPECT_TRUE(trims->Changes(1));
  EXPECT_FALSE(ConstraintEnforcer::Make(row, Options("ERROR", "ERROR"))->Changes(1));
}

}  // namespace
}  // namespace castor
