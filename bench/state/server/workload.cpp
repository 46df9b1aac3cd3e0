#include "bench/state/server/workload.h"

#include <algorithm>

#include "bench/state/server/check.h"
#include "bench/state/server/values.h"

namespace castor::bench {

Workload::Workload(const WorkloadOptions& options)
    : options_(options), source_(options.distribution, options.keys, options.seed) {}

void Workload::DrawKeys() {
  keys_.clear();
  for (uint64_t i = 0; i < options_.batch; ++i) keys_.push_back(source_.Next());
}
void Workload::DrawUserKeys() {
  user_keys_.clear();
  for (uint64_t i = 0; i < options_.batch; ++i) {
    user_keys_.push_back(source_.Below(options_.entries));
  }
}

namespace {

// Calls `put` with all numbers below `count`, a batch at a time.
template <typename Put>
void InBatches(Side* side, uint64_t count, uint64_t batch, const Put& put) {
  std::vector<uint64_t> numbers;
  for (uint64_t first = 0; first < count; first += batch) {
    numbers.clear();
    for (uint64_t i = first; i < std::min(count, first + batch); ++i) numbers.push_back(i);
    put(numbers);
    side->Pause();
  }
}

class ValueWorkload : public Workload {
 public:
  using Workload::Workload;
  void Load(Side* side) override {
    InBatches(side, options_.keys, options_.batch, [&](Numbers keys) { side->Put(keys); });
  }
  void Draw() override { DrawKeys(); }
};

class GetWorkload final : public ValueWorkload {
 public:
  using ValueWorkload::ValueWorkload;
  uint64_t Do(Side* side, Answer* answer) override {
    answer->Add(side->Get(keys_));
    return keys_.size();
  }
};
class PutWorkload final : public ValueWorkload {
 public:
  using ValueWorkload::ValueWorkload;
  uint64_t Do(Side* side, Answer*) override {
    side->Put(keys_);
    return keys_.size();
  }
};
class UpdateWorkload final : public ValueWorkload {
 public:
  using ValueWorkload::ValueWorkload;
  uint64_t Do(Side* side, Answer* answer) override {
    answer->Add(side->Update(keys_));
    return keys_.size();
  }
};

// Elements are appended to lists, and so many lists are read and cleared that they keep their
// length.
class ListWorkload final : public Workload {
 public:
  using Workload::Workload;
  void Load(Side* side) override {
    for (uint64_t i = 0; i < options_.entries; ++i) {
      InBatches(side, options_.keys, options_.batch,
                [&](Numbers keys) { side->Append(keys, keys); });
    }
  }
  void Draw() override {
    DrawKeys();
    elements_.clear();
    for (uint64_t i = 0; i < options_.batch; ++i) elements_.push_back(number_++);
    taken_.clear();
    for (uint64_t i = 0; i < options_.batch / options_.entries; ++i) {
      taken_.push_back(source_.Next());
    }
    std::sort(taken_.begin(), taken_.end());
    taken_.erase(std::unique(taken_.begin(), taken_.end()), taken_.end());
  }
  uint64_t Do(Side* side, Answer* answer) override {
    side->Append(keys_, elements_);
    answer->Add(side->TakeLists(taken_));
    return keys_.size() + taken_.size();
  }

 private:
  std::vector<uint64_t> elements_, taken_;
  uint64_t number_ = 0;
};

class MapWorkload : public Workload {
 public:
  using Workload::Workload;
  void Load(Side* side) override {
    std::vector<uint64_t> of_keys, user_keys;
    InBatches(side, options_.keys * options_.entries, options_.batch, [&](Numbers numbers) {
      of_keys.clear(), user_keys.clear();
      for (const uint64_t number : numbers) {
        of_keys.push_back(number / options_.entries);
        user_keys.push_back(number % options_.entries);
      }
      side->PutEntries(of_keys, user_keys);
    });
  }
};

class MapPutWorkload final : public MapWorkload {
 public:
  using MapWorkload::MapWorkload;
  void Draw() override { DrawKeys(), DrawUserKeys(); }
  uint64_t Do(Side* side, Answer*) override {
    side->PutEntries(keys_, user_keys_);
    return keys_.size();
  }
};
class MapGetWorkload final : public MapWorkload {
 public:
  using MapWorkload::MapWorkload;
  void Draw() override { DrawKeys(), DrawUserKeys(); }
  uint64_t Do(Side* side, Answer* answer) override {
    answer->Add(side->GetEntries(keys_, user_keys_));
    return keys_.size();
  }
};
// An operation is an entry.
class MapWalkWorkload final : public MapWorkload {
 public:
  using MapWorkload::MapWorkload;
  void Draw() override {
    keys_.clear();
    const uint64_t count = std::max<uint64_t>(1, options_.batch / options_.entries);
    for (uint64_t i = 0; i < count; ++i) keys_.push_back(source_.Next());
  }
  uint64_t Do(Side* side, Answer* answer) override {
    const Answer walked = side->Walk(keys_);
    answer->Add(walked);
    return walked.count;
  }
};

// A join of two inputs: a row is put to the state of its own, and the other's is asked for its
// partners, of which one key in ten has any.
class JoinWorkload final : public MapWorkload {
 public:
  using MapWorkload::MapWorkload;
  void Draw() override {
    DrawKeys(), DrawUserKeys();
    probes_.clear();
    for (uint64_t i = 0; i < options_.batch; ++i) {
      const uint64_t key = source_.Next();
      probes_.push_back(i % kProbesPerHit == 0 ? key : key + options_.keys);
    }
  }
  uint64_t Do(Side* side, Answer* answer) override {
    side->PutEntries(keys_, user_keys_);
    answer->Add(side->Walk(probes_));
    return keys_.size() + probes_.size();
  }

 private:
  static constexpr uint64_t kProbesPerHit = 10;
  std::vector<uint64_t> probes_;
};

// So many timers wait as there are keys; with each batch as many are registered as fall due. An
// operation is a timer that is registered and popped.
class TimerWorkload final : public Workload {
 public:
  using Workload::Workload;
  void Load(Side* side) override {
    InBatches(side, options_.keys, options_.batch, [&](Numbers keys) {
      times_.clear();
      for (size_t i = 0; i < keys.size(); ++i) times_.push_back(AnyTime());
      side->Register(times_, keys);
    });
  }
  void Draw() override {
    DrawKeys();
    now_ += kHorizon * options_.batch / (2 * options_.keys) + 1;
    times_.clear();
    for (size_t i = 0; i < keys_.size(); ++i) times_.push_back(AnyTime());
  }
  uint64_t Do(Side* side, Answer* answer) override {
    side->Register(times_, keys_);
    answer->Add(side->PopDue(now_));
    return keys_.size();
  }

 private:
  static constexpr uint64_t kHorizon = 3'600'000;  // an hour, in milliseconds
  uint64_t AnyTime() { return now_ + 1 + source_.Below(kHorizon); }
  std::vector<uint64_t> times_;
  // A round goes on where the one before has ended.
  static inline uint64_t now_ = 0;
};

// Windows, one after the other: each is updated twice per key on average and fires then.
class WindowWorkload final : public Workload {
 public:
  using Workload::Workload;
  void Load(Side*) override {}
  void Draw() override { DrawKeys(); }
  uint64_t Do(Side* side, Answer* answer) override {
    side->UpdateWindow(window_, keys_);
    updates_ += keys_.size();
    if (updates_ >= 2 * options_.keys) {
      answer->Add(side->FireWindow(window_));
      updates_ = 0;
      window_ += kLength;
    }
    return keys_.size();
  }

 private:
  static constexpr uint64_t kLength = 60'000;
  static inline uint64_t window_ = kLength;
  static inline uint64_t updates_ = 0;
};

}  // namespace

std::unique_ptr<Workload> MakeWorkload(const WorkloadOptions& options) {
  const std::string& name = options.name;
  if (name == "get") return std::make_unique<GetWorkload>(options);
  if (name == "put") return std::make_unique<PutWorkload>(options);
  if (name == "update") return std::make_unique<UpdateWorkload>(options);
  if (name == "list") return std::make_unique<ListWorkload>(options);
  if (name == "map_put") return std::make_unique<MapPutWorkload>(options);
  if (name == "map_get") return std::make_unique<MapGetWorkload>(options);
  if (name == "map_walk") return std::make_unique<MapWalkWorkload>(options);
  if (name == "join") return std::make_unique<JoinWorkload>(options);
  if (name == "timers") return std::make_unique<TimerWorkload>(options);
  if (name == "windows") return std::make_unique<WindowWorkload>(options);
  Fail("no workload is called " + name);
}

}  // namespace castor::bench
