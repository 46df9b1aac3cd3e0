// Broken and odd records: another reader of JSON says whether they are JSON, and a line is read the
// same whatever stands around it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "format/api/row_text.h"
#include "format/json/json_decoder.h"

namespace castor::format::json {
namespace {

constexpr const char* kRow =
    "`n` BIGINT, `t` VARCHAR(99), `r` ROW<`a` INT, `b` TIMESTAMP(3), `c` ROW<`d` DOUBLE>>, "
    "`l` ARRAY<INT>, `m` MAP<VARCHAR(9), BIGINT>, `q` DECIMAL(20, 3), `ok` BOOLEAN, `x` "
    "VARCHAR(99)";

constexpr const char* kRecords[] = {
    R"({"n":12345678901,"t":"plain text, longer than a vector of thirty-two bytes","r":{"a":-7,"b":)"
    R"("2020-12-30 12:13:14.123","c":{"d":1.5e3}},"l":[1,null,3],"m":{"k":1,"o":null},"q":12.5,)"
    R"("ok":true,"x":"y"})",
    R"({ "t" : "a\"\\\u00e9" , "n":null,"r": null, "more": {"deep":[{"er":[]},-0.5E-7,"z"]}, "q":"7" })",
    R"({"x":{"kept":[1,2.50]},"r":{"c":null,"b":"2020-02-30 24:00:00"},"n":1,"n":22222222222222222222})",
    R"([{"n":1,"t":"one"},{"n":2,"r":{"a":1.5}}])",
    R"({"ok":"TRUE","l":[],"m":{},"t":"","extra":"\n\t"})",
};

std::string Padded(const std::string& text, char filler) {
  return text + std::string(kBlockPadding, filler);
}

class JsonMutationTest : public ::testing::Test {
 protected:
  std::unique_ptr<BlockDecoder> MakeDecoder(const std::string& row) {
    auto decoder = MakeJsonDecoder(DecodeSpec::All(*LogicalType::Parse("ROW<" + row + ">")), {});
    EXPECT_TRUE(decoder.ok()) << decoder.status().ToString();
    return std::move(*decoder);
  }

  // Rows, then errors, of all lines of a text.
  static std::string Decode(BlockDecoder* decoder, const std::string& text, int32_t max_rows,
                            char filler = '}') {
    const std::string padded = Padded(text, filler);
    std::string rows, errors;
    for (size_t at = 0; at < text.size();) {
      Decoded decoded;
      const Status status =
          decoder->Decode({padded.data() + at, text.size() - at}, true, max_rows, &decoded);
      EXPECT_TRUE(status.ok()) << status.ToString();
      EXPECT_GT(decoded.consumed, 0u);
      if (decoded.consumed == 0) break;
      for (int32_t i = 0; i < decoded.batch.num_rows; ++i) {
        AppendRowText(decoded.batch, i, &rows);
        rows += '\n';
      }
      for (const BadRecord& bad : decoded.bad) errors += bad.error + "\n";
      at += decoded.consumed;
    }
    return rows + errors;
  }

  std::string Mutated() {
    std::string text = kRecords[random_() % std::size(kRecords)];
    for (auto changes = random_() % 3; changes > 0; --changes) {
      constexpr std::string_view kLikely = "{}[]:,\"\\ \t\r0123456789.-+eEtfnu/\x01\xc3\xa9";
      const size_t at = random_() % text.size();
      const char c = kLikely[random_() % kLikely.size()];
      switch (random_() % 4) {
        case 0:
          text.erase(at, 1 + random_() % 3);
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        case 2:
          text.resize(at);
          break;
        default:
          text[at] = c;
      }
      if (text.empty()) text = "{";
    }
    return text;
  }

  std::mt19937 random_{11};
};

TEST_F(JsonMutationTest, ALineReadsTheSameAloneAndAmongOthers) {
  auto decoder = MakeDecoder(kRow);
  for (int round = 0; round < 300; ++round) {
    std::string block, rows, errors;
    for (int line = 0; line < 30; ++line) {
      const std::string text = Mutated();
      block += text + (random_() % 4 == 0 ? "\r\n" : "\n");
      const std::string alone = Decode(decoder.get(), text, 100);
      EXPECT_EQ(Decode(decoder.get(), text, 100, '"'), alone) << text;
      EXPECT_EQ(Decode(decoder.get(), text + "\n", 100), alone) << text;
      (alone.starts_with("+I") ? rows : errors) += alone;
    }
    EXPECT_EQ(Decode(decoder.get(), block, 1000), rows + errors) << block;
    EXPECT_EQ(Decode(decoder.get(), block, 3), rows + errors) << block;
  }
}

// What simdjson takes is JSON. What it refuses is not, but for what Flink lets pass: control
// characters in strings, numbers of any size, and what follows the record. No field is found, so
// that everything is looked at.
TEST_F(JsonMutationTest, RefusesWhatIsNotJson) {
  simdjson::dom::parser parser;
  const auto is_json = [&](std::string_view text) {
    return parser.parse(text.data(), text.size(), true).error() == simdjson::SUCCESS;
  };
  const auto begins_with_json = [&](std::string_view text) {
    for (size_t size = 1; size < text.size(); ++size) {
      if ((text[size - 1] == '}' || text[size - 1] == ']') && is_json(text.substr(0, size)))
        return true;
    }
    return false;
  };
  auto decoder = MakeDecoder("`no such field` INT");
  int accepted = 0, refused = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = Mutated();
    const std::string shown = Decode(decoder.get(), text, 100);
    const bool wrong = shown.find("not valid JSON") != std::string::npos ||
                       shown.find("closing quote") != std::string::npos ||
                       shown.find("UTF-8") != std::string::npos;
    if (is_json(text)) {
      EXPECT_FALSE(wrong) << text << " gave " << shown;
      ++accepted;
      continue;
    }
    const simdjson::error_code error = parser.parse(text).error();
    if (shown.find("object") != std::string::npos || error == simdjson::NUMBER_ERROR ||
        error == simdjson::BIGINT_ERROR || text.find_first_of("\t\r\x01") != std::string::npos ||
        begins_with_json(text)) {
      continue;
    }
    EXPECT_TRUE(wrong) << text << " gave " << shown;
    ++refused;
  }
  EXPECT_GT(accepted, 5'000);
  EXPECT_GT(refused, 5'000);
}

}  // namespace
}  // namespace castor::format::json
