#include "roaring/bitmap.h"

#include <gtest/gtest.h>

#include <numeric>

#include "roaring/portable_form.h"

namespace castor::roaring {
namespace {

Bitmap SetOf(std::vector<uint32_t> values) {
  Bitmap set;
  set.AddAll(values);
  return set;
}

std::string Text(const Bitmap& set) {
  std::string text;
  set.AppendText(&text);
  return text;
}

std::string Bytes(Bitmap set) {
  std::string bytes;
  set.Write(&bytes);
  return bytes;
}

std::vector<uint32_t> Range(uint32_t first, uint32_t count, uint32_t step = 1) {
  std::vector<uint32_t> values(count);
  for (uint32_t i = 0; i < count; ++i) values[i] = first + i * step;
  return values;
}

TEST(BitmapTest, ReadsWhatItWrites) {
  std::vector<uint32_t> values = Range(7, 5000, 3);                           // a bitset
  for (const uint32_t value : Range(1 << 20, 1000)) values.push_back(value);  // a run
  for (const uint32_t value : {5u << 20, UINT32_MAX}) values.push_back(value);
  const std::string bytes = Bytes(SetOf(values));
  const auto read = Bitmap::Read(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->Values(), values);
  EXPECT_EQ(read->cardinality(), values.size());
  EXPECT_EQ(CardinalityOf(bytes), values.size());
  EXPECT_EQ(Bitmap::Read(bytes + "what follows")->Values(), values);
}

TEST(BitmapTest, BytesDependOnTheSetAlone) {
  // Four in a row are a run; with a fifth apart, two runs are as large as an array.
  EXPECT_TRUE(Bytes(SetOf(Range(1, 4))).starts_with("\x3b\x30"));
  Bitmap grown = Bitmap::Of(Bytes(SetOf(Range(1, 4))));
  grown.Add(9);
  const std::string bytes = Bytes(SetOf({1, 2, 3, 4, 9}));
  EXPECT_TRUE(bytes.starts_with("\x3a\x30"));
  EXPECT_EQ(Bytes(std::move(grown)), bytes);
}

TEST(BitmapTest, BytesThatCameInKeepTheirRuns) {
  using namespace std::literals;
  const std::string three = "\x3b\x30\0\0\1\0\0\2\0\1\0\1\0\2\0"s;  // {1,2,3} as a run
  EXPECT_TRUE(HasTiedRun(three));
  Bitmap set = Bitmap::Of(three);
  std::string kept;
  set.WriteAsRead(&kept);
  EXPECT_EQ(kept, three);
  EXPECT_FALSE(HasTiedRun(Bytes(std::move(set))));
}

TEST(BitmapTest, RefusesWhatIsNoSet) {
  using namespace std::literals;
  EXPECT_FALSE(Bitmap::Read(""));
  EXPECT_FALSE(Bitmap::Read("\1\2\3\4\5\6\7\10"s));
  const std::string bytes = Bytes(SetOf(Range(1, 100, 2)));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Bitmap::Read(std::string_view(bytes).substr(0, size))) << size;
  }
  // Values in the wrong order.
  EXPECT_FALSE(Bitmap::Read("\x3a\x30\0\0\1\0\0\0\0\0\1\0\x10\0\0\0\2\0\1\0"s));
}

TEST(BitmapTest, CombinesSets) {
  const Bitmap a = SetOf({1, 2, 3, 70000}), b = SetOf({3, 4, 70000});
  const auto combined = [&](void (Bitmap::*combine)(const Bitmap&), const Bitmap& with) {
    Bitmap set = SetOf(a.Values());
    (set.*combine)(with);
    return Text(set);
  };
  EXPECT_EQ(combined(&Bitmap::And, b), "{3,70000}");
  EXPECT_EQ(combined(&Bitmap::AndNot, b), "{1,2}");
  EXPECT_EQ(combined(&Bitmap::Or, b), "{1,2,3,4,70000}");
  EXPECT_EQ(combined(&Bitmap::Xor, b), "{1,2,4}");
  Bitmap self = SetOf({1, 2});
  self.And(self);
  self.Or(self);
  EXPECT_EQ(Text(self), "{1,2}");
  self.Xor(self);
  EXPECT_TRUE(self.empty());
}

TEST(BitmapTest, LongTextIsCutOff) {
  const std::string text = Text(SetOf(Range(1'000'000, 100'000)));
  EXPECT_TRUE(text.ends_with(",...}")) << text.substr(text.size() - 20);
  EXPECT_GT(text.size(), 0x80000u);
  EXPECT_LT(text.size(), 0x80000u + 20);
}

}  // namespace
}  // namespace castor::roaring
