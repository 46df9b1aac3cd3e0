#include "operator/source_watermark/source_watermark.h"

#include <gmock/gmock.h>

#include "column/test_columns.h"
#include "expr/testing.h"

namespace castor {
namespace {

using expr::testing::Call;
using expr::testing::Lit;
using expr::testing::Ref;
using testing::ElementsAre;

// The row (n INT, ts TIMESTAMP(6)); watermarks are milliseconds, rounded down.
TEST(SourceWatermarkTest, EvaluatesThePushedExpression) {
  plan::ScanAbilities abilities;
  abilities.produced_type =
      LogicalType::Row({{"n", LogicalType::Integer()}, {"ts", LogicalType::Timestamp(6)}});
  abilities.watermark = Ref(1, "TIMESTAMP(6)");
  const plan::Bundle bundle;
  const auto generator = MakeSourceWatermark(abilities, bundle);
  ASSERT_TRUE(generator.ok()) << generator.status().ToString();
  const Batch batch(3, {MakeColumn<int32_t>(LogicalType::Integer(), {1, 2, 3}),
                        MakeColumn<int64_t>(LogicalType::Timestamp(6), {1'999, std::nullopt, -1})});
  std::vector<TimestampMs> watermarks;
  ASSERT_TRUE((*generator)->Evaluate(batch, &watermarks).ok());
  EXPECT_THAT(watermarks, ElementsAre(1, kMinTimestamp, -1));
  ASSERT_TRUE((*generator)->Evaluate(Batch(), &watermarks).ok());
  EXPECT_TRUE(watermarks.empty());
}

TEST(SourceWatermarkTest, NothingPushedNothingMade) {
  const auto generator = MakeSourceWatermark({}, {});
  ASSERT_TRUE(generator.ok());
  EXPECT_EQ(*generator, nullptr);
}

TEST(SourceWatermarkTest, UnknownFunctionsAreRefused) {
  plan::ScanAbilities abilities;
  abilities.produced_type = LogicalType::Row({{"ts", LogicalType::Timestamp(3)}});
  abilities.watermark = Call("NO_SUCH_FUNCTION", "TIMESTAMP(3)", {Ref(0, "TIMESTAMP(3)")});
  EXPECT_EQ(MakeSourceWatermark(abilities, {}).status().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor
