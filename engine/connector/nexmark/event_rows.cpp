// How the rows of each kind are filled: the tables of spec/nexmark.md, section 7.
#include <algorithm>
#include <cstring>

#include "column/column.h"
#include "column/string_arena.h"
#include "connector/nexmark/event_generator.h"

namespace castor::connector::nexmark {
namespace {

constexpr int64_t kFirstId = 1000;
constexpr int64_t kFirstCategory = 10;
constexpr int64_t kHotBlock = 100;

int64_t HotOf(int64_t last) { return last / kHotBlock * kHotBlock; }

// Picks among the people who are active at an event, and a few yet to come.
class ActivePeople {
 public:
  explicit ActivePeople(int64_t last_person) {
    constexpr int64_t kActive = 1000, kLead = 10;
    const int64_t people = last_person + 1;
    const int64_t active = std::min(people, kActive);
    first_ = people - active;
    count_ = static_cast<uint64_t>(active + kLead);
  }
  int64_t Pick(uint64_t word) const {
    return first_ + static_cast<int64_t>(Draws::PickLow(word, count_));
  }

 private:
  int64_t first_;
  uint64_t count_;
};

// The length of an extra that brings an event from `used` to an average of `average` bytes.
class ExtraLength {
 public:
  ExtraLength(int64_t used, int64_t average) {
    const int64_t left = average - used;
    if (left < 0) return;
    const int64_t delta = (2 * left + 5) / 10;
    least_ = static_cast<uint64_t>(left - delta);
    spread_ = static_cast<uint64_t>(2 * delta);
  }
  uint64_t Of(uint64_t draw32) const { return least_ + (draw32 * spread_ >> 32); }

 private:
  uint64_t least_ = 0;
  uint64_t spread_ = 0;
};

int32_t Int(uint64_t value) { return static_cast<int32_t>(value); }

// Writes text of `length` characters, without the blanks at its ends, to `target`, which has room
// for `length` rounded up to whole words of four; returns its end.
char* WriteText(const Draws& draws, int64_t n, uint64_t first_word, int32_t length, char* target) {
  for (int32_t j = 0; j < length; j += 4) {
    const uint64_t word = draws.Word(n, first_word + static_cast<uint64_t>(j / 4));
    target[j] = LetterOf(word & 0xFFFF, ' ');
    target[j + 1] = LetterOf(word >> 16 & 0xFFFF, ' ');
    target[j + 2] = LetterOf(word >> 32 & 0xFFFF, ' ');
    target[j + 3] = LetterOf(word >> 48, ' ');
  }
  char* begin = target;
  char* end = target + length;
  while (begin != end && *begin == ' ') ++begin;
  while (begin != end && end[-1] == ' ') --end;
  if (begin != target) std::memmove(target, begin, static_cast<size_t>(end - begin));
  return target + (end - begin);
}

// A reference to text made in `arena`, which takes only what does not fit inline.
StringRef MakeText(const Draws& draws, int64_t n, uint64_t first_word, int32_t length,
                   StringArena* arena) {
  char* start = arena->Reserve(static_cast<size_t>(length + 3));
  char* end = WriteText(draws, n, first_word, length, start);
  const StringRef text(start, static_cast<uint32_t>(end - start));
  arena->Shrink(text.is_inline() ? start : end);
  return text;
}

StringRef MakeEmail(const Draws& draws, int64_t n, StringArena* arena) {
  char email[8 + 1 + 4 + 4];
  const uint64_t lengths = draws.Word(n, 1);
  char* end = WriteText(draws, n, 8, 3 + Int(Draws::PickHigh(lengths, 4)), email);
  *end++ = '@';
  end = WriteText(draws, n, 10, 3 + Int(Draws::PickLow(lengths, 2)), end);
  std::memcpy(end, ".com", 4);
  return arena->Add({email, static_cast<size_t>(end + 4 - email)});
}

StringRef MakeCreditCard(const Draws& draws, int64_t n, StringArena* arena) {
  const uint64_t w2 = draws.Word(n, 2), w3 = draws.Word(n, 3);
  const uint64_t groups[4] = {Draws::PickHigh(w2, 10'000), Draws::PickLow(w2, 10'000),
                              Draws::PickHigh(w3, 10'000), Draws::PickLow(w3, 10'000)};
  char card[20];
  char* next = card;
  for (const uint64_t group : groups) {
    *next++ = static_cast<char>('0' + group / 1000);
    *next++ = static_cast<char>('0' + group / 100 % 10);
    *next++ = static_cast<char>('0' + group / 10 % 10);
    *next++ = static_cast<char>('0' + group % 10);
    *next++ = ' ';
  }
  return arena->Add({card, 19});
}

}  // namespace

void EventGenerator::FillPersons(Column* const* fields) const {
  auto* id = fields[0]->mutable_values<int64_t>();
  auto* name = fields[1]->mutable_values<StringRef>();
  auto* email = fields[2]->mutable_values<StringRef>();
  auto* card = fields[3]->mutable_values<StringRef>();
  auto* city = fields[4]->mutable_values<StringRef>();
  auto* state = fields[5]->mutable_values<StringRef>();
  auto* time = fields[6]->mutable_values<int64_t>();
  auto* extra = fields[7]->mutable_values<StringRef>();
  StringArena emails(1024), cards(1024);
  int32_t row = 0;
  for (const KindRun& run : runs_.runs[0]) {
    TimeWalker times(options_, run.n);
    for (int32_t i = 0; i < run.count; ++i, ++row) {
      const int64_t n = run.n + i;
      const uint64_t w0 = draws_.Word(n, 0), w4 = draws_.Word(n, 4), w5 = draws_.Word(n, 5);
      id[row] = kFirstId + run.last_person + i;
      name[row] =
          texts_->names()[Draws::PickHigh(w0, FixedTexts::kFirstNames) * FixedTexts::kLastNames +
                          Draws::PickLow(w0, FixedTexts::kLastNames)];
      email[row] = MakeEmail(draws_, n, &emails);
      card[row] = MakeCreditCard(draws_, n, &cards);
      city[row] = texts_->cities()[Draws::PickHigh(w4, FixedTexts::kCities)];
      state[row] = texts_->states()[Draws::PickLow(w4, FixedTexts::kStates)];
      time[row] = times.Next();
      const int64_t used = int64_t{8} + name[row].size() + email[row].size() + card[row].size() +
                           city[row].size() + state[row].size();
      extra[row] = texts_->Extra(w5, ExtraLength(used, options_.person_size).Of(w5 >> 32));
    }
  }
  emails.Finish(fields[2]);
  cards.Finish(fields[3]);
}

void EventGenerator::FillAuctions(Column* const* fields) const {
  auto* id = fields[0]->mutable_values<int64_t>();
  auto* name = fields[1]->mutable_values<StringRef>();
  auto* description = fields[2]->mutable_values<StringRef>();
  auto* initial_bid = fields[3]->mutable_values<int64_t>();
  auto* reserve = fields[4]->mutable_values<int64_t>();
  auto* time = fields[5]->mutable_values<int64_t>();
  auto* expires = fields[6]->mutable_values<int64_t>();
  auto* seller = fields[7]->mutable_values<int64_t>();
  auto* category = fields[8]->mutable_values<int64_t>();
  auto* extra = fields[9]->mutable_values<StringRef>();
  StringArena names(1024), descriptions(8 * 1024);
  int32_t row = 0;
  for (const KindRun& run : runs_.runs[1]) {
    TimeWalker times(options_, run.n);
    TimeWalker horizons(options_, run.n + options_.events_per_horizon());
    for (int32_t i = 0; i < run.count; ++i, ++row) {
      const int64_t n = run.n + i;
      const uint64_t w0 = draws_.Word(n, 0), w1 = draws_.Word(n, 1), w2 = draws_.Word(n, 2),
                     w3 = draws_.Word(n, 3), w4 = draws_.Word(n, 4);
      id[row] = kFirstId + run.last_auction + i;
      name[row] = MakeText(draws_, n, 8, 3 + Int(Draws::PickHigh(w3, 17)), &names);
      description[row] = MakeText(draws_, n, 16, 3 + Int(Draws::PickLow(w3, 97)), &descriptions);
      initial_bid[row] = prices_.Of(w1 & 0xFFFFFFFF);
      reserve[row] = initial_bid[row] + prices_.Of(w2 & 0xFFFFFFFF);
      time[row] = times.Next();
      const int64_t horizon = std::max<int64_t>(1, 2 * (horizons.Next() - time[row]));
      expires[row] =
          time[row] + 1 + static_cast<int64_t>(Draws::PickHigh(w2, static_cast<uint64_t>(horizon)));
      const bool hot = Draws::PickHigh(w0, static_cast<uint64_t>(options_.hot_sellers)) > 0;
      seller[row] =
          kFirstId + (hot ? HotOf(run.last_person) : ActivePeople(run.last_person).Pick(w0));
      category[row] = kFirstCategory + static_cast<int64_t>(Draws::PickHigh(w1, 5));
      const int64_t used = int64_t{48} + name[row].size() + description[row].size();
      extra[row] = texts_->Extra(w4, ExtraLength(used, options_.auction_size).Of(w4 >> 32));
    }
  }
  names.Finish(fields[1]);
  descriptions.Finish(fields[2]);
}

// Bids are nearly all of the stream: their draws are made a block at a time, and each column in a
// loop of its own that the compiler can vectorise.
void EventGenerator::FillBids(Column* const* fields) const {
  constexpr int32_t kBlock = 64;
  constexpr int64_t kLead = 10;
  auto* auction = fields[0]->mutable_values<int64_t>();
  auto* bidder = fields[1]->mutable_values<int64_t>();
  auto* price = fields[2]->mutable_values<int64_t>();
  auto* channel = fields[3]->mutable_values<StringRef>();
  auto* url = fields[4]->mutable_values<StringRef>();
  auto* time = fields[5]->mutable_values<int64_t>();
  auto* extra = fields[6]->mutable_values<StringRef>();
  const auto hot_auctions = static_cast<uint64_t>(options_.hot_auctions);
  const auto hot_bidders = static_cast<uint64_t>(options_.hot_bidders);
  const ExtraLength lengths(32, options_.bid_size);
  // Copies, so that the compiler need not fear that a store changes them.
  const FixedTexts& texts = *texts_;
  const Draws draws = draws_;
  const StringRef* const channels = texts.channels();
  const StringRef* const urls = texts.urls();
  uint64_t w0[kBlock], w1[kBlock], w2[kBlock], w3[kBlock];

  for (const KindRun& run : runs_.runs[2]) {
    TimeWalker times(options_, run.n);
    const int64_t hot_auction = kFirstId + HotOf(run.last_auction);
    const int64_t low = std::max<int64_t>(0, run.last_auction - Options::kAuctionsInFlight);
    const auto range = static_cast<uint64_t>(run.last_auction - low + 1 + kLead);
    const ActivePeople people(run.last_person);
    const int64_t hot_bidder = 2 * kFirstId + HotOf(run.last_person) + 1;
    for (int32_t done = 0; done < run.count; done += kBlock) {
      const int32_t count = std::min(kBlock, run.count - done);
      const int64_t n = run.n + done;
      for (int32_t j = 0; j < count; ++j) {
        w0[j] = draws.Word(n + j, 0);
        w1[j] = draws.Word(n + j, 1);
        w2[j] = draws.Word(n + j, 2);
        w3[j] = draws.Word(n + j, 3);
      }
      for (int32_t j = 0; j < count; ++j) {
        const int64_t any = kFirstId + low + static_cast<int64_t>(Draws::PickLow(w0[j], range));
        auction[j] = Draws::PickHigh(w0[j], hot_auctions) > 0 ? hot_auction : any;
      }
      for (int32_t j = 0; j < count; ++j) {
        const int64_t any = 2 * kFirstId + people.Pick(w1[j]);
        bidder[j] = Draws::PickHigh(w1[j], hot_bidders) > 0 ? hot_bidder : any;
      }
      for (int32_t j = 0; j < count; ++j) price[j] = prices_.Of(w2[j] >> 32);
      for (int32_t j = 0; j < count; ++j) {
        // PickLow(w2, 2) > 0, without a branch that is taken every other time.
        const uint64_t cold = (w2[j] >> 31 & 1) - 1;
        const uint64_t bound =
            FixedTexts::kHotChannels + (cold & (FixedTexts::kChannels - FixedTexts::kHotChannels));
        const uint64_t slot = (cold & FixedTexts::kHotChannels) + Draws::PickHigh(w3[j], bound);
        channel[j] = channels[slot];
        url[j] = urls[slot];
      }
      for (int32_t j = 0; j < count; ++j) time[j] = times.Next();
      for (int32_t j = 0; j < count; ++j) {
        extra[j] = texts.Extra(w3[j] >> 32, lengths.Of(w3[j] & 0xFFFFFFFF));
      }
      auction += count;
      bidder += count;
      price += count;
      channel += count;
      url += count;
      time += count;
      extra += count;
    }
  }
}

}  // namespace castor::connector::nexmark
