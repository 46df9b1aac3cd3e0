#include <gtest/gtest.h>

#include <random>

#include "variant/builder.h"
#include "variant/json_text.h"
#include "variant/value.h"

namespace castor::variant {
namespace {

std::string Json(std::string_view bytes) {
  constexpr TextWriters kWriters = {
      [](std::string_view text, std::string* out) { out->append("'").append(text).append("'"); },
      [](double value, std::string* out) { *out += std::to_string(value); },
      [](const Decimal& decimal, std::string* out) {
        std::string digits = std::to_string(static_cast<int64_t>(decimal.unscaled));
        if (decimal.scale > 0)
          digits.insert(digits.size() - static_cast<size_t>(decimal.scale), ".");
        *out += digits;
      }};
  std::string text;
  AppendJson(Value(bytes), kWriters, &text);
  return text;
}

std::string Finished(Builder* builder) {
  std::string bytes;
  EXPECT_TRUE(builder->Finish(&bytes));
  EXPECT_TRUE(CheckBytes(bytes).ok()) << CheckBytes(bytes).ToString();
  return bytes;
}

// {name: [i, i + 1, ...], ...} with `fields` fields of `elements` elements.
std::string Nested(int fields, int elements) {
  Builder builder;
  std::vector<std::string> names;
  for (int i = 0; i < fields; ++i) names.push_back("name" + std::to_string(1000 + i));
  std::vector<Builder::Field> object;
  for (const std::string& name : names) {
    object.push_back({name, builder.AddName(name), builder.position()});
    const uint32_t start = builder.position();
    std::vector<uint32_t> offsets;
    for (int i = 0; i < elements; ++i) {
      offsets.push_back(builder.position() - start);
      builder.AppendInteger(int64_t{i} * i * i);
    }
    builder.FinishArray(start, offsets);
  }
  EXPECT_TRUE(builder.FinishObject(0, &object, Builder::Duplicates::kRefused));
  return Finished(&builder);
}

TEST(VariantTest, ScalarsAreReadAsTheyWereWritten) {
  Builder builder;
  const auto one = [&](auto append) {
    append();
    return Json(Finished(&builder));
  };
  EXPECT_EQ(one([&] { builder.AppendNull(); }), "null");
  EXPECT_EQ(one([&] { builder.AppendBoolean(true); }), "true");
  for (const int64_t value :
       {int64_t{0}, int64_t{-128}, int64_t{128}, int64_t{-40000}, int64_t{1} << 40, INT64_MIN}) {
    EXPECT_EQ(one([&] { builder.AppendInteger(value); }), std::to_string(value));
  }
  EXPECT_EQ(one([&] { builder.AppendDouble(-2.5); }), "-2.500000");
  EXPECT_EQ(one([&] { builder.AppendDecimal({-1250, 2}, 4); }), "-12.5");
  EXPECT_EQ(one([&] { builder.AppendDecimal({1234567890123, 1}, 13); }), "123456789012.3");
  for (const size_t size : {size_t{0}, size_t{63}, size_t{64}, size_t{70000}}) {
    const std::string text(size, 'x');
    EXPECT_EQ(one([&] { builder.AppendString(text); }), "'" + text + "'");
  }
}

TEST(VariantTest, ContainersOfAllSizes) {
  for (const auto& [fields, elements] : {std::pair{1, 0}, {3, 300}, {300, 1}, {300, 300}}) {
    const std::string bytes = Nested(fields, elements);
    const Value object(bytes);
    ASSERT_EQ(object.size(), static_cast<uint32_t>(fields));
    for (int i = 0; i < fields; ++i) {
      const auto field = object.Find("name" + std::to_string(1000 + i));
      ASSERT_TRUE(field && field->size() == static_cast<uint32_t>(elements));
      if (elements > 0) {
        const auto last = static_cast<uint32_t>(elements - 1);
        EXPECT_EQ(field->element(last).integer(), int64_t{last} * last * last);
      }
      std::string alone;
      field->AppendBytes(&alone);
      EXPECT_TRUE(CheckBytes(alone).ok());
      EXPECT_EQ(Value(alone).size(), static_cast<uint32_t>(elements));
    }
    EXPECT_FALSE(object.Find("name"));
    EXPECT_FALSE(object.Find("name9999"));
  }
}

TEST(VariantTest, NamesThatStandThereTwice) {
  Builder builder;
  const auto build = [&](Builder::Duplicates duplicates) {
    std::vector<Builder::Field> fields;
    for (const std::string_view name : {"b", "a", "b", "c", "a"}) {
      fields.push_back({name, builder.AddName(name), builder.position()});
      builder.AppendString(std::string(fields.size(), name[0]));
    }
    return builder.FinishObject(0, &fields, duplicates);
  };
  EXPECT_FALSE(build(Builder::Duplicates::kRefused));
  builder.Clear();
  EXPECT_TRUE(build(Builder::Duplicates::kLastWins));
  EXPECT_EQ(Json(Finished(&builder)), "{'a':'aaaaa','b':'bbb','c':'cccc'}");
}

TEST(VariantTest, NamesAreOrderedAsJavaStrings) {
  EXPECT_TRUE(NameLess("a", "ab"));
  EXPECT_TRUE(NameLess("Z", "a"));
  EXPECT_TRUE(NameLess("z", "ä"));
  EXPECT_TRUE(NameLess("\xf0\x9f\x98\x80", "\xef\xac\x80"));  // U+1F600 before U+FB00
  EXPECT_FALSE(NameLess("\xef\xac\x80", "\xf0\x9f\x98\x80"));
  EXPECT_TRUE(NameLess("\xed\x9f\xbf", "\xf0\x9f\x98\x80"));
}

// Whatever the bytes, they are refused or can be walked over (under sanitizers: without harm).
TEST(VariantTest, DamagedBytesAreRefusedOrHarmless) {
  std::mt19937 random(7);
  const std::string good = Nested(3, 3);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(CheckBytes(std::string_view(good).substr(0, size)).ok()) << size;
  }
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    for (int j = 0; j <= i % 3; ++j) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (!CheckBytes(bytes).ok()) {
      ++refused;
    } else {
      EXPECT_FALSE(Json(bytes).empty());
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(VariantTest, TypesThatJsonDoesNotHaveAreRefused) {
  using namespace std::literals;
  const std::string date = "\0\0\0\3\1\0\0"s + static_cast<char>(11 << 2) + "\0\0\0\0"s;
  EXPECT_EQ(CheckBytes(date).code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor::variant
