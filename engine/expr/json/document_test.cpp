#include "expr/json/document.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

#include "expr/json/writer.h"

namespace castor::expr::json {
namespace {

// Texts that are JSON mostly: pieces put together at random, some of them out of place.
class Texts {
 public:
  std::string Next() {
    std::string text = Object(0);
    if (random_() % 3 == 0 && !text.empty()) {
      constexpr std::string_view kOdd = "{}[],:\"\\ 0-.eutn\x01";
      text[random_() % text.size()] = kOdd[random_() % kOdd.size()];
    }
    if (random_() % 10 == 0) text.resize(random_() % (text.size() + 1));
    return text;
  }

 private:
  std::string Object(int depth) {
    std::string text = "{";
    for (size_t i = random_() % 4; i > 0; --i) {
      text += Blank() + Pick({"\"a\"", "\"b\"", "\"\\u0061\"", "\"\"", "\"a\\n\""}) + Blank() +
              ":" + Blank() + Value(depth) + Blank() + (i > 1 ? "," : "");
    }
    return text + "}";
  }
  std::string Value(int depth) {
    const auto kind = random_() % 8;
    if (kind == 0 && depth < 4) return Object(depth + 1);
    if (kind == 1 && depth < 4) {
      return "[" + Value(depth + 1) + Blank() + "," + Value(depth + 1) + "]";
    }
    return Pick({"1", "-0", "01", "1.5e3", "1.", "true", "truex", "null", "\"x\"",
                 "\"\\u00e9\\\"\"", "\"\\q\"", "\"\\ud83d\\ude00\"", "[]", "{}"});
  }
  std::string Blank() { return random_() % 8 == 0 ? " " : ""; }
  std::string Pick(std::initializer_list<const char*> of) {
    return *(of.begin() + random_() % of.size());
  }

  std::mt19937_64 random_{1};
};

std::optional<std::string> MemberA(const Document& document) {
  const NodeId root = document.root();
  for (size_t i = 0; i < document.size(root); ++i) {
    if (document.member(root, i).key != "a") continue;
    std::string text;
    AppendValue(document, document.member(root, i).value, &text);
    return text;
  }
  return std::nullopt;
}

TEST(DocumentTest, OneMemberAloneIsWhatItIsAmongAll) {
  Texts texts;
  Document all, one;
  int taken = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string text = texts.Next();
    const bool is_json = all.Parse(text);
    ASSERT_EQ(one.ParseMember(text, "a"), is_json) << text;
    taken += is_json;
    if (is_json && all.kind(all.root()) == Kind::kObject) {
      ASSERT_EQ(MemberA(one), MemberA(all)) << text;
    }
  }
  EXPECT_GT(taken, 30'000);
}

TEST(DocumentTest, WithOneMemberOtherRootsAreKept) {
  Document document;
  ASSERT_TRUE(document.ParseMember("[1, {\"b\": 2}]", "a"));
  EXPECT_EQ(document.size(document.root()), 2u);
  ASSERT_TRUE(document.ParseMember("{\"b\": {\"a\": 1}}", "a"));
  EXPECT_EQ(document.size(document.root()), 0u);
}

}  // namespace
}  // namespace castor::expr::json
