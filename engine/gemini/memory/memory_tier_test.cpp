// Random operations on tables of a tier, with cuts and evictions that succeed and fail, compared
// with maps: what a table gives at any time, and what the runs hold after a cut.
#include "gemini/memory/memory_tier.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <string>

#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

constexpr uint32_t kKeyGroups = 8;

struct Value {
  int64_t number = 0;
  std::string text;
  int64_t time = 0;
  friend bool operator==(const Value&, const Value&) = default;
};
using Model = std::map<std::string, Value>;

struct Payload {
  int64_t number;
  int64_t unused;
  Blob text;
};

// A table, what it should hold, and what is in the runs beneath.
struct Tested {
  RecordTable* table;
  Model model;
  Model durable;
  Model at_cut;

  SectionId section() const { return table->options().section; }
  int64_t ttl() const { return table->options().ttl_ms; }
  bool has_text() const { return !table->options().layout.blob_offsets.empty(); }
};

Value ValueOf(const RecordLayout& layout, const Entry& entry) {
  const auto decoded = DecodeValue(layout, entry.value);
  EXPECT_TRUE(decoded.ok()) << decoded.status().ToString();
  Value value;
  std::memcpy(&value.number, decoded->payload.data(), sizeof(value.number));
  if (!decoded->blobs.empty()) value.text = decoded->blobs[0];
  value.time = entry.time;
  return value;
}

class MemoryTierTest : public testing::TestWithParam<uint32_t> {
 protected:
  MemoryTierTest() {
    AddTable({{1, 0}, {32, {16}}, 0});
    AddTable({{2, 0}, {16, {}}, 100});
    AddTable({{3, 7}, {32, {16}}, 60});
  }

  void AddTable(TableOptions options) {
    tested_.push_back({tier_.AddTable(std::move(options)), {}, {}, {}});
  }
  uint32_t Random(uint32_t below) { return static_cast<uint32_t>(random_() % below); }
  Tested& AnyTable() { return tested_[Random(3)]; }

  // Some keys are too long for the header's field.
  std::string AnyKey() {
    const uint32_t number = Random(400);
    return std::string(number % 100 == 7 ? 70'000 : number % 40, 'k') + std::to_string(number);
  }
  static uint32_t HashOf(const std::string& key) {
    return HashOfNumber(std::hash<std::string>()(key) % 300);  // some collide
  }
  std::string AnyText() {
    const uint32_t kind = Random(400);
    return std::string(kind == 0   ? 300'000
                       : kind < 40 ? Random(3'000)
                                   : Random(60),
                       static_cast<char>('a' + Random(26)));
  }

  bool Expired(const Tested& tested, const Value& value) const {
    return tested.ttl() > 0 && value.time + tested.ttl() <= now_;
  }
  const Value* Expected(const Tested& tested, const std::string& key) const {
    const auto at = tested.model.find(key);
    return at == tested.model.end() || Expired(tested, at->second) ? nullptr : &at->second;
  }

  // What a store does with what memory does not know.
  void Resolve(Tested& tested, const std::string& key) {
    const auto at = tested.durable.find(key);
    if (at == tested.durable.end()) return tested.table->LoadAbsent(key, HashOf(key));
    const Payload payload{at->second.number, 0, Blob::Lent(at->second.text)};
    std::string scratch;
    const std::string_view value = EncodeValue(
        tested.table->options().layout, reinterpret_cast<const std::byte*>(&payload), &scratch);
    ASSERT_TRUE(tested.table->Load(key, HashOf(key), at->second.time, value).ok());
  }

  void Access(Tested& tested, gemini::Access access) {
    std::vector<std::string> names;
    KeyList keys;
    const uint32_t count = 1 + Random(20);
    for (uint32_t i = 0; i < count; ++i) {
      names.push_back(AnyKey());
      keys.Add(names.back(), HashOf(names.back()));
    }
    std::vector<std::byte*> payloads(count);
    std::vector<uint8_t> created(count);
    std::vector<uint32_t> missing;
    tested.table->Lookup(keys.view(), access, now_, payloads.data(), created.data(), &missing);
    if (!missing.empty()) {
      for (const uint32_t row : missing) Resolve(tested, names[row]);
      missing.clear();
      std::vector<uint8_t> again(count);
      tested.table->Lookup(keys.view(), access, now_, payloads.data(), again.data(), &missing);
      EXPECT_TRUE(missing.empty());
      for (uint32_t i = 0; i < count; ++i) created[i] |= again[i];
    }
    for (uint32_t i = 0; i < count; ++i)
      Check(tested, access, names[i], payloads[i], created[i] != 0);
  }

  void Check(Tested& tested, gemini::Access access, const std::string& key, std::byte* bytes,
             bool created) {
    const Value* expected = Expected(tested, key);
    if (access == gemini::Access::kFindOrCreate) {
      ASSERT_EQ(created, expected == nullptr) << key.substr(0, 60);
      if (expected == nullptr) tested.model[key] = {};
      if (tested.ttl() > 0) tested.model[key].time = now_;
    } else {
      ASSERT_EQ(bytes == nullptr, expected == nullptr) << key.substr(0, 60);
      if (expected == nullptr) return;
    }
    auto* payload = reinterpret_cast<Payload*>(bytes);
    Value& value = tested.model[key];
    ASSERT_EQ(payload->number, value.number);
    if (tested.has_text()) {
      ASSERT_EQ(payload->text.view(), value.text);
    }
    EXPECT_EQ(RecordTable::KeyOfPayload(*tested.table, bytes), key);
    if (access == gemini::Access::kRead) return;
    payload->number = value.number = static_cast<int64_t>(random_());
    if (tested.has_text() && Random(2) == 0) {
      value.text = AnyText();
      tested.table->SetBlob(&payload->text, value.text);
    }
  }

  void Erase(Tested& tested) {
    const std::string key = AnyKey();
    KeyList keys;
    keys.Add(key, HashOf(key));
    std::vector<uint32_t> missing;
    constexpr int32_t kRow = 0;
    tested.table->Erase(keys.view(), {&kRow, 1}, &missing);
    if (!missing.empty()) tested.table->EraseStored(key, HashOf(key));
    tested.model.erase(key);
  }

  void MakeDurable(const EntryBuffer& buffer) {
    for (size_t i = 0; i < buffer.size(); ++i) {
      for (Tested& tested : tested_) {
        if (tested.section() != buffer.SectionAt(i)) continue;
        const Entry entry = buffer.EntryAt(i);
        const std::string key(entry.key);
        EXPECT_EQ(entry.position, PositionOf(HashOf(key) % kKeyGroups, HashOf(key)));
        if (entry.kind == EntryKind::kDelete) {
          tested.durable.erase(key);
        } else {
          tested.durable[key] = ValueOf(tested.table->options().layout, entry);
        }
      }
    }
  }

  void StartCut() {
    cut_buffer_.emplace();
    cut_fails_ = false;
    for (Tested& tested : tested_) tested.at_cut = tested.model;
    cut_time_ = now_;
    tier_.StartCut(&*cut_buffer_);
  }

  void EndCut(bool durable) {
    if (durable) {
      ASSERT_EQ(tier_.cut_phase(), MemoryTier::CutPhase::kSaved);
      EXPECT_FALSE(eviction_.has_value());
      MakeDurable(*cut_buffer_);
      for (Tested& tested : tested_) CheckCut(tested);
      ++durable_cuts_;
    }
    tier_.EndCut(durable);
    cut_buffer_.reset();
  }

  // Apart from what had expired, the runs hold just what the table did at the cut.
  void CheckCut(const Tested& tested) {
    const auto live = [&](const Model& model) {
      Model kept = model;
      std::erase_if(kept, [&](const auto& item) {
        return tested.ttl() > 0 && item.second.time + tested.ttl() <= cut_time_;
      });
      return kept;
    };
    ASSERT_EQ(live(tested.durable), live(tested.at_cut));
  }

  void EndEviction(bool durable) {
    if (!eviction_) return;
    if (durable) MakeDurable(*eviction_);
    if (!durable) cut_fails_ = true;
    tier_.EndEviction(durable);
    eviction_.reset();
  }

  void GoOnWithCut() {
    switch (tier_.cut_phase()) {
      case MemoryTier::CutPhase::kNone:
        if (Random(4) == 0) StartCut();
        return;
      case MemoryTier::CutPhase::kSaving:
        if (Random(100) == 0) return EndCut(false);
        tier_.SaveSome(Random(400));
        return;
      case MemoryTier::CutPhase::kSaved:
        EndEviction(Random(8) != 0);
        return EndCut(!cut_fails_ && Random(3) != 0);
      case MemoryTier::CutPhase::kForgetting:
      case MemoryTier::CutPhase::kGivingBack:
        tier_.Settle(Random(40));
    }
  }

  void Evict() {
    MemoryTier::Eviction eviction{.target = static_cast<int64_t>(Random(6)) << 18,
                                  .chunks = Random(10)};
    if (!eviction_ && tier_.cut_phase() == MemoryTier::CutPhase::kNone) {
      eviction.buffer = &eviction_.emplace();
      eviction.buffer_bytes = static_cast<int64_t>(Random(4)) << 18;
    }
    tier_.Evict(eviction);
  }

  void Step() {
    const uint32_t what = Random(100);
    if (what < 35) return Access(AnyTable(), gemini::Access::kFindOrCreate);
    if (what < 45) return Access(AnyTable(), gemini::Access::kFind);
    if (what < 60) return Access(AnyTable(), gemini::Access::kRead);
    if (what < 75) return Erase(AnyTable());
    if (what < 85) return GoOnWithCut();
    if (what < 92) return Evict();
    if (what < 95) return EndEviction(Random(3) != 0);
    if (what < 98) return tier_.Sweep(Random(200), now_);
    now_ += Random(10);
  }

  MemoryTier tier_{kKeyGroups, GroupOfHash};
  std::mt19937 random_{GetParam()};
  std::vector<Tested> tested_;
  int64_t now_ = 1000;
  int64_t cut_time_ = 0;
  std::optional<EntryBuffer> cut_buffer_;
  std::optional<EntryBuffer> eviction_;
  bool cut_fails_ = false;
  int durable_cuts_ = 0;
};

TEST_P(MemoryTierTest, HoldsWhatAMapHolds) {
  for (int step = 0; step < 3000 && !HasFatalFailure(); ++step) Step();
  EXPECT_GT(durable_cuts_, 4);
}

INSTANTIATE_TEST_SUITE_P(Seeds, MemoryTierTest, testing::Range(0u, 8u));

}  // namespace
}  // namespace castor::gemini
