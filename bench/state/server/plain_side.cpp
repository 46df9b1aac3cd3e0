// The ceiling: a hash table with linear probing that holds records in its slots and does nothing
// else. It has neither an order nor checkpoints, lives in memory alone, and is driven as Gemini is:
// by batches, whose slots are fetched ahead.
#include <algorithm>
#include <bit>
#include <vector>

#include "bench/state/server/check.h"
#include "bench/state/server/gemini_keys.h"
#include "bench/state/server/side.h"
#include "bench/state/server/values.h"

namespace castor::bench {
namespace {

class PlainSide final : public Side {
 public:
  explicit PlainSide(const SideOptions& options) : source_(options.value_bytes) { Grow(1024); }

  Answer Get(Numbers keys) override {
    Answer answer;
    ForEach(keys, [&](uint64_t key, char* slot) {
      if (Used(slot)) answer.Add(ValueSource::Digest(key, ValueOf(slot), source_.size()));
    });
    return answer;
  }
  void Put(Numbers keys) override {
    MakeRoom(keys.size());
    ForEach(keys, [&](uint64_t key, char* slot) {
      Take(key, slot);
      source_.Write(key, ValueOf(slot));
    });
  }
  Answer Update(Numbers keys) override {
    MakeRoom(keys.size());
    Answer answer;
    ForEach(keys, [&](uint64_t key, char* slot) {
      Take(key, slot);
      const uint64_t number = WordAt(ValueOf(slot)) + 1;
      std::memcpy(ValueOf(slot), &number, sizeof(number));
      answer.Add(Mix(key) + number);
    });
    return answer;
  }

  void Append(Numbers, Numbers) override { HasNone("lists"); }
  Answer TakeLists(Numbers) override { HasNone("lists"); }
  void PutEntries(Numbers, Numbers) override { HasNone("maps"); }
  Answer GetEntries(Numbers, Numbers) override { HasNone("maps"); }
  void EraseEntries(Numbers, Numbers) override { HasNone("maps"); }
  Answer Walk(Numbers) override { HasNone("maps"); }
  void Register(Numbers, Numbers) override { HasNone("timers"); }
  Answer PopDue(uint64_t) override { HasNone("timers"); }
  void UpdateWindow(uint64_t, Numbers) override { HasNone("windows"); }
  Answer FireWindow(uint64_t) override { HasNone("windows"); }
  void Settle() override {}
  void StartCheckpoint() override { HasNone("checkpoints"); }
  bool TakeCheckpoint(CheckpointSize*) override { HasNone("checkpoints"); }
  void Pause() override {}
  void KeepCheckpoint(const std::string&) override { HasNone("checkpoints"); }
  int64_t DiskBytes() override { return 0; }
  std::string Describe() override { return "slots " + std::to_string(slots()); }

 private:
  static constexpr double kMostFull = 0.8;

  [[noreturn]] static void HasNone(const std::string& what) { Fail("a plain hash has no " + what); }

  // A slot: 1 if it is used, the key as it is written, the value.
  size_t slot_bytes() const { return 8 + kKeyBytes + source_.size(); }
  size_t slots() const { return mask_ + 1; }
  char* SlotAt(uint64_t hash) { return &table_[(hash & mask_) * slot_bytes()]; }
  static bool Used(const char* slot) { return WordAt(slot) != 0; }
  static char* ValueOf(char* slot) { return slot + 8 + kKeyBytes; }

  // The slot of the key, or the free one where it would be.
  char* Find(std::string_view key, uint64_t hash) {
    while (true) {
      char* slot = SlotAt(hash++);
      if (!Used(slot) || std::memcmp(slot + 8, key.data(), kKeyBytes) == 0) return slot;
    }
  }
  template <typename Visit>
  void ForEach(Numbers keys, const Visit& visit) {
    keys_.Write(keys);
    for (size_t i = 0; i < keys.size(); ++i) __builtin_prefetch(SlotAt(keys_.hash(i)));
    for (size_t i = 0; i < keys.size(); ++i) visit(keys[i], Find(keys_.key(i), keys_.hash(i)));
  }
  void Take(uint64_t key, char* slot) {
    if (Used(slot)) return;
    constexpr uint64_t kUsed = 1;
    std::memcpy(slot, &kUsed, sizeof(kUsed));
    WriteKey(key, slot + 8);
    ++used_;
  }
  void MakeRoom(size_t more) {
    const auto needed = static_cast<size_t>(static_cast<double>(used_ + more) / kMostFull);
    if (needed > slots()) Grow(std::bit_ceil(needed));
  }
  void Grow(size_t slots) {
    std::vector<char> old(slots * slot_bytes());
    old.swap(table_);
    mask_ = slots - 1;
    for (size_t at = 0; at < old.size(); at += slot_bytes()) {
      const char* slot = &old[at];
      if (!Used(slot)) continue;
      const std::string_view key(slot + 8, kKeyBytes);
      std::copy_n(slot, slot_bytes(), Find(key, HashOfKey(WordAt(slot + 16))));
    }
  }

  const ValueSource source_;
  GeminiKeys keys_;
  std::vector<char> table_;
  size_t mask_ = 0;
  size_t used_ = 0;
};

}  // namespace

std::unique_ptr<Side> OpenPlain(const SideOptions& options) {
  return std::make_unique<PlainSide>(options);
}

}  // namespace castor::bench
