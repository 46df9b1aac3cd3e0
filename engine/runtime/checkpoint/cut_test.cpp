#include "runtime/checkpoint/cut.h"

#include <gtest/gtest.h>

namespace castor::runtime {
namespace {

// A sink that materializes upserts has keyed state, and its writer has state under the same uid.
TEST(SubtaskCut, OperatorAndWriterOfASinkShareAPart) {
  SubtaskCut cut;
  cut.Of("sink:t").sections[section::kWriter] = "writer";
  cut.Of("calc").sections[section::kOperator] = "calc";
  cut.Of("sink:t").sections[section::kOperator] = "operator";
  ASSERT_EQ(cut.operators.size(), 2u);
  EXPECT_EQ(cut.operators[0].sections.size(), 2u);
  EXPECT_EQ(cut.operators[0].sections[section::kWriter], "writer");
}

}  // namespace
}  // namespace castor::runtime
