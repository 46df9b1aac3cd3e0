// Random timers, near and far, compared with a set.
#include <set>

#include "gemini/store/test_store_model.h"

namespace castor::gemini {
namespace {

struct ModelTimer {
  int64_t time;
  std::string key;
  std::string name_space;
  friend auto operator<=>(const ModelTimer&, const ModelTimer&) = default;

  TimerView view() const { return {time, HashOfKey(key), key, name_space}; }
};

class StoreTimersTest : public StoreModelTest<std::set<ModelTimer>> {
 protected:
  void AddTables(size_t number) override {
    tables_.resize(number);
    auto added = instances_[number].store->AddTimerTable({7, 1000, "timers"});
    ASSERT_TRUE(added.ok()) << added.status().ToString();
    tables_.push_back(*added);
  }

  void Operate(size_t number) override {
    const uint32_t what = Random(20);
    if (what < 10) return RegisterSome(number);
    if (what < 15) return DeleteSome(number);
    PopSome(number);
  }

  ModelTimer AnyTimer(const Instance& instance) {
    ModelTimer timer;
    do {
      timer.key = "key" + std::to_string(Random(500));
    } while (!instance.Owns(timer.key));
    timer.name_space.assign(Random(3), 'n');
    // Most within some buckets, some in the past, some far away.
    const int64_t range = Random(10) > 0 ? 5'000 : 1'000'000;
    timer.time = timer_now_ - 200 + static_cast<int64_t>(Random(static_cast<uint32_t>(range)));
    timer.name_space.resize(timer.name_space.size() + Random(400), 'x');
    return timer;
  }

  void RegisterSome(size_t number) {
    for (uint32_t i = 1 + Random(60); i > 0; --i) {
      const ModelTimer timer = AnyTimer(instances_[number]);
      instances_[number].store->Register(tables_[number], timer.view());
      model_.insert(timer);
    }
  }

  // Some that are registered, and some that hardly are.
  void DeleteSome(size_t number) {
    const Instance& instance = instances_[number];
    for (uint32_t i = 1 + Random(30); i > 0; --i) {
      ModelTimer timer = AnyTimer(instance);
      const auto at = model_.lower_bound(timer);
      if (at != model_.end() && instance.Owns(at->key)) timer = *at;
      instance.store->Delete(tables_[number], timer.view());
      model_.erase(timer);
    }
  }

  void PopSome(size_t number) {
    Instance& instance = instances_[number];
    timer_now_ += Random(300);
    if (Random(40) == 0) timer_now_ += 20'000;
    const size_t most = 1 + Random(200);
    TimerPage page;
    UntilReady(instance.store.get(),
               [&] { return instance.store->PopDue(tables_[number], timer_now_, most, &page); });
    ASSERT_LE(page.size(), most);
    int64_t before = std::numeric_limits<int64_t>::min();
    for (size_t i = 0; i < page.size(); ++i) {
      const TimerView timer = page[i];
      ASSERT_LE(before, timer.time);
      before = timer.time;
      const ModelTimer found{timer.time, std::string(timer.key), std::string(timer.name_space)};
      ASSERT_EQ(timer.key_hash, HashOfKey(found.key));
      ASSERT_EQ(model_.erase(found), 1u) << found.key << " at " << found.time;
    }
    CheckNext(number, page.size());
  }

  // Nothing that is earlier than what has been popped is left; nothing is left out.
  void CheckNext(size_t number, size_t popped) {
    const Instance& instance = instances_[number];
    const auto first = std::find_if(model_.begin(), model_.end(), [&](const ModelTimer& timer) {
      return instance.Owns(timer.key);
    });
    const int64_t next = tables_[number]->NextTime();
    if (first == model_.end()) return;
    ASSERT_LE(next, first->time);
    if (popped == 0) {
      ASSERT_GT(first->time, timer_now_);
    }
  }

  std::vector<TimerTable*> tables_;  // of each instance
  int64_t timer_now_ = 10'000;
};

TEST_P(StoreTimersTest, HoldsWhatASetHolds) { Run(4000); }

INSTANTIATE_TEST_SUITE_P(Seeds, StoreTimersTest, testing::Range(0u, 8u));

}  // namespace
}  // namespace castor::gemini
