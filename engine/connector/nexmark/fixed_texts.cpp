#include "connector/nexmark/fixed_texts.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace castor::connector::nexmark {
namespace {

constexpr int64_t kPoolSize = 1 << 16;
constexpr uint64_t kFirstChannelWord = 8192;

constexpr std::array<const char*, FixedTexts::kHotChannels> kHotNames = {"Google", "Facebook",
                                                                         "Baidu", "Apple"};
constexpr std::array<const char*, FixedTexts::kFirstNames> kFirst = {
    "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"};
constexpr std::array<const char*, FixedTexts::kLastNames> kLast = {
    "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
constexpr std::array<const char*, FixedTexts::kCities> kCityNames = {
    "Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
    "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
constexpr std::array<const char*, FixedTexts::kStates> kStateNames = {"AZ", "CA", "ID",
                                                                      "OR", "WA", "WY"};

uint64_t Lane(uint64_t word, int lane) { return (word >> (16 * lane)) & 0xFFFF; }

void AppendSix(int32_t r, std::string* pool) {
  for (int i = 0; i < 6; ++i, r /= 26) pool->push_back(static_cast<char>('a' + r % 26));
}

std::string MakePool(const Draws& draws, int64_t longest_extra) {
  std::string pool;
  pool.reserve(static_cast<size_t>(kPoolSize + longest_extra));
  for (uint64_t i = 0; static_cast<int64_t>(pool.size()) < kPoolSize; ++i) {
    const uint64_t word = draws.FixedWord(i);
    AppendSix(static_cast<int32_t>(word >> 32), &pool);
    AppendSix(static_cast<int32_t>(word), &pool);
  }
  pool.resize(static_cast<size_t>(kPoolSize));
  // Repeated far enough that every piece is contiguous.
  for (int64_t i = 0; i < longest_extra; ++i) pool.push_back(pool[static_cast<size_t>(i)]);
  return pool;
}

std::string ChannelName(uint64_t slot) {
  if (slot < FixedTexts::kHotChannels) return kHotNames[slot];
  return "channel-" + std::to_string(slot - FixedTexts::kHotChannels);
}

// abs(Integer.reverse(i)) of Java, where the smallest integer is its own absolute value.
int32_t ChannelId(uint32_t i) {
  uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit) reversed |= ((i >> bit) & 1u) << (31 - bit);
  return static_cast<int32_t>(static_cast<int32_t>(reversed) < 0 ? 0u - reversed : reversed);
}

std::string Url(const Draws& draws, uint64_t slot) {
  const uint64_t first = kFirstChannelWord + 4 * slot;
  const uint64_t shape = draws.FixedWord(first);
  std::string url = "https://www.nexmark.com/";
  for (int part = 0; part < 3; ++part) {
    const int length = 3 + static_cast<int>(Lane(shape, part) * 2 >> 16);
    const uint64_t word = draws.FixedWord(first + 1 + static_cast<uint64_t>(part));
    for (int j = 0; j < length; ++j) url.push_back(LetterOf(Lane(word, j), '_'));
    url.push_back('/');
  }
  url += "item.htm?query=1";
  if (slot >= FixedTexts::kHotChannels && Lane(shape, 3) * 10 >> 16 > 0) {
    const auto i = static_cast<uint32_t>(slot - FixedTexts::kHotChannels);
    url += "&channel_id=" + std::to_string(ChannelId(i));
  }
  return url;
}

}  // namespace

FixedTexts::FixedTexts(const Draws& draws, int64_t longest_extra) {
  // Pieces are appended to one string and become references when its place in memory is known.
  std::string all = MakePool(draws, longest_extra);
  struct Piece {
    std::vector<StringRef>* list;
    size_t start, size;
  };
  std::vector<Piece> pieces;
  const auto add = [&](std::vector<StringRef>* list, std::string_view text) {
    pieces.push_back({list, all.size(), text.size()});
    all.append(text);
  };
  for (uint64_t slot = 0; slot < kHotChannels + kChannels; ++slot) {
    add(&channels_, ChannelName(slot));
    add(&urls_, Url(draws, slot));
  }
  for (const char* first : kFirst) {
    for (const char* last : kLast) add(&names_, std::string(first) + " " + last);
  }
  for (const char* city : kCityNames) add(&cities_, city);
  for (const char* state : kStateNames) add(&states_, state);

  buffer_ = Buffer::Allocate(all.size());
  std::memcpy(buffer_->data(), all.data(), all.size());
  for (const Piece& piece : pieces) {
    piece.list->emplace_back(buffer_->as<char>() + piece.start, static_cast<uint32_t>(piece.size));
  }
}

}  // namespace castor::connector::nexmark
