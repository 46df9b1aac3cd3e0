#include "cli/terminal/sql_error.h"

#include <gtest/gtest.h>

namespace castor::cli {
namespace {

std::string Render(const SqlError& error, std::string_view script) {
  return RenderSqlError(error, "job.sql", script, Style(false));
}

TEST(SqlErrorTest, PointsAtThePlace) {
  EXPECT_EQ(
      Render({.message = "no column 'b'", .line = 2, .column = 8, .hint = "Did you mean 'a'?"},
             "SET 'x' = 'y';\nSELECT b\nFROM t"),
      "job.sql:2:8: error: no column 'b'\n"
      "    2 | SELECT b\n"
      "      |        ^\n"
      "hint: Did you mean 'a'?\n");
}

TEST(SqlErrorTest, TabsAndWideCharactersKeepTheCaretInPlace) {
  EXPECT_EQ(Render({.message = "m", .line = 1, .column = 4, .hint = ""}, "\tü x\r\n"),
            "job.sql:1:4: error: m\n"
            "    1 | \tü x\n"
            "      | \t  ^\n");
}

TEST(SqlErrorTest, LongLinesAreShownAroundThePlace) {
  const std::string before(200, 'a');
  const std::string after(200, 'b');
  const std::string shown =
      Render({.message = "m", .line = 1, .column = 201, .hint = ""}, before + "ü" + after);
  EXPECT_EQ(shown, "job.sql:1:201: error: m\n    1 | …" + before.substr(120) + "ü" +
                       after.substr(161) + "…\n      | " + std::string(81, ' ') + "^\n");
  EXPECT_EQ(Render({.message = "m", .line = 1, .column = 1, .hint = ""}, after),
            "job.sql:1:1: error: m\n    1 | " + after.substr(80) + "…\n      | ^\n");
  EXPECT_EQ(Render({.message = "m", .line = 1, .column = 201, .hint = ""}, after),
            "job.sql:1:201: error: m\n    1 | …" + after.substr(80) + "\n      | " +
                std::string(121, ' ') + "^\n");
}

TEST(SqlErrorTest, WithoutAPlace) {
  EXPECT_EQ(Render({.message = "m", .hint = ""}, "x"), "job.sql: error: m\n");
  EXPECT_EQ(Render({.message = "m", .line = 9, .hint = ""}, "x"),
            "job.sql:9: error: m\n    9 | \n");
}

TEST(SqlErrorTest, PlaceBehindTheEnd) {
  EXPECT_EQ(Render({.message = "unexpected end", .line = 1, .column = 9, .hint = ""}, "SELECT"),
            "job.sql:1:9: error: unexpected end\n"
            "    1 | SELECT\n"
            "      |         ^\n");
}

}  // namespace
}  // namespace castor::cli
