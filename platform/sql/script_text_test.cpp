#include "platform/sql/script_text.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

std::string Squeezed(const std::string& text) {
  std::string squeezed;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n';
    if (is_space && (squeezed.empty() || squeezed.back() == ' ')) continue;
    squeezed += is_space ? ' ' : c;
  }
  return squeezed;
}

std::string Preview(std::string_view script, int line = 0) {
  const auto preview = PreviewScript(script, line);
  return preview.ok() ? Squeezed(*preview) : "refused: " + preview.status().message();
}

TEST(ScriptTextTest, AnInsertBecomesItsQuery) {
  EXPECT_EQ(Preview("CREATE TABLE t (a INT); INSERT INTO t SELECT 1;"),
            "CREATE TABLE t (a INT); SELECT 1;");
  EXPECT_EQ(
      Preview("insert overwrite `select`.t partition (d = 'values') (a, b)\nwith x as (select 1) "
              "select * from x"),
      "with x as (select 1) select * from x");
  EXPECT_EQ(Preview("INSERT INTO t ((SELECT 1) UNION ALL (SELECT 2))"),
            "((SELECT 1) UNION ALL (SELECT 2))");
  EXPECT_EQ(Preview("EXECUTE INSERT INTO t VALUES (1)"), "VALUES (1)");
}

TEST(ScriptTextTest, OneQueryIsLeftOfAll) {
  const std::string script =
      "SET 'a' = 'b';\n"
      "BEGIN STATEMENT SET;\n"
      "INSERT INTO a SELECT 1; -- INSERT; INTO\n"
      "INSERT INTO b SELECT ';';\n"
      "END;\n";
  EXPECT_EQ(Preview(script), "SET 'a' = 'b'; SELECT 1; -- INSERT; INTO ");
  EXPECT_EQ(Preview(script, 4), "SET 'a' = 'b'; -- INSERT; INTO SELECT ';'; ");
  EXPECT_EQ(
      Preview("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END", 0),
      "SELECT 1; ");
}

TEST(ScriptTextTest, PlacesRemain) {
  const std::string script =
      "INSERT INTO t\n  SELECT a FROM /* x;\n */ b;\nINSERT INTO u SELECT 2;";
  const std::string preview = *PreviewScript(script, 1);
  EXPECT_EQ(preview.size(), script.size());
  EXPECT_EQ(preview.find("SELECT a"), script.find("SELECT a"));
}

TEST(ScriptTextTest, WithoutAQueryThereIsNoPreview) {
  for (const char* script : {"", "CREATE TABLE t (a INT)", "SET 'a' = 'b'",
                             "BEGIN STATEMENT SET; END;", "INSERT INTO", "'", "/*", "((("}) {
    EXPECT_EQ(Preview(script).find("refused") == 0, std::string(script) != "(((") << script;
  }
}

TEST(ScriptTextTest, TokensEndWhereWordsDo) {
  const std::string script = "SELECT pricee,\n  'ä\xf0\x9f\x98\x80' x";
  EXPECT_EQ(EndOfToken(script, 1, 8), 14);
  EXPECT_EQ(EndOfToken(script, 1, 14), 15);
  EXPECT_EQ(EndOfToken(script, 2, 3), 8);  // quotes, one unit and two
  EXPECT_EQ(EndOfToken(script, 2, 9), 10);
  EXPECT_EQ(EndOfToken(script, 9, 9), 10);
  EXPECT_EQ(EndOfToken("", 1, 1), 2);
}

}  // namespace
}  // namespace castor::platform
