#include "connector/api/bad_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace castor::connector {
namespace {

using ::testing::HasSubstr;

TEST(BadRowsTest, PolicyOfATable) {
  EXPECT_EQ(*ReadBadRowPolicy({}), BadRowPolicy::kFail);
  EXPECT_EQ(*ReadBadRowPolicy({{"castor.bad-rows", "SKIP"}}), BadRowPolicy::kSkip);
  EXPECT_EQ(*ReadBadRowPolicy({{"castor.bad-rows", "dead-letter"}, {"castor.bad-rows.path", "/d"}}),
            BadRowPolicy::kDeadLetter);
  const auto error = [](const std::map<std::string, std::string>& options) {
    return ReadBadRowPolicy(options).status().message();
  };
  EXPECT_THAT(error({{"castor.bad-rows", "drop"}}), HasSubstr("'drop' is none of fail, skip"));
  EXPECT_THAT(error({{"castor.bad-rows", "dead-letter"}}), HasSubstr("'castor.bad-rows.path'"));
  EXPECT_THAT(error({{"castor.bad-rows.path", "/d"}}), HasSubstr("only with 'castor.bad-rows'"));
}

TEST(BadRowsTest, EachPolicyDoesItsPart) {
  const std::vector<format::BadRecord> records = {{0, 1, "wrong"}, {5, 1, "wronger"}};
  int described = 0;
  const auto describe = [&](const format::BadRecord& record) {
    ++described;
    return BadRow{record.error, "file f, line 1", "x"};
  };
  PollResult result;
  const Status failed = HandleBadRecords(BadRowPolicy::kFail, "t", records, describe, &result);
  EXPECT_EQ(failed.code(), StatusCode::kDataError);
  EXPECT_THAT(failed.message(), HasSubstr("table t: file f, line 1: wrong; the record begins"));
  EXPECT_EQ(std::exchange(described, 0), 1);
  EXPECT_TRUE(HandleBadRecords(BadRowPolicy::kSkip, "t", records, describe, &result).ok());
  EXPECT_EQ(result.skipped_rows, 2);
  EXPECT_EQ(described, 0);
  EXPECT_TRUE(HandleBadRecords(BadRowPolicy::kDeadLetter, "t", records, describe, &result).ok());
  ASSERT_EQ(result.bad_rows.size(), 2u);
  EXPECT_EQ(result.bad_rows[1].error, "wronger");
}

}  // namespace
}  // namespace castor::connector
