// Gemini as an operator drives it: a batch is acquired, repeated if it was pending, and used in
// place.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "base/memory.h"
#include "bench/state/server/check.h"
#include "bench/state/server/gemini_host.h"
#include "bench/state/server/gemini_keys.h"
#include "bench/state/server/side.h"
#include "bench/state/server/values.h"
#include "gemini/store/store.h"

namespace castor::bench {
namespace {

using gemini::Access;
using gemini::Blob;
using gemini::EntryTable;
using gemini::Readiness;

// As many as the engine has: merges and the like, and lookups that wait for the disk.
constexpr int kBackground = 4, kAwaited = 8;
// Larger values are what a STRING is: bytes beside the record.
constexpr uint32_t kMostInPlace = 255;
constexpr size_t kWalkedAtOnce = 256;
constexpr uint32_t kTimersTable = 5;

class GeminiSide final : public Side {
 public:
  GeminiSide(const SideOptions& options, const std::string& restored)
      : options_(options), source_(options.value_bytes), scratch_(options.value_bytes, '\0') {
    gemini::StoreOptions store;
    store.file_system = &io::LocalFileSystem();
    store.run_prefix = options.folder + "/run-";
    store.key_groups = kKeyGroups;
    store.last_group = kKeyGroups - 1;
    store.key_group_of = [](uint32_t hash, uint32_t groups) { return hash % groups; };
    MemoryAccount::State().set_limit(options.memory_bytes);
    store.shared_budget = &budget_;
    const GeminiSettings& settings = options.gemini;
    if (settings.tuned) store.tuning = gemini::TuningOptions::All();
    store.nanoseconds = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
    store.log = [](const std::string& line) { std::cerr << line << std::endl; };
    store.merge.fan_in = settings.fan_in;
    store.block_cache_bytes = options.memory_bytes / 16 * settings.cache_sixteenths;
    store.separate_from = settings.separate_from;
    store.filter_of_oldest = settings.filter_of_oldest;
    store.execute = [this](std::function<void()> work) { host_.Execute(std::move(work)); };
    store.fetch = [this](std::function<void()> work) { host_.ExecuteAwaited(std::move(work)); };
    store.wake = [this] { host_.Wake(); };
    // Deleting a large file takes milliseconds.
    store.release = [this](const std::string& path) {
      if (!kept_) host_.Execute([path] { std::filesystem::remove(path); });
    };
    std::vector<gemini::Checkpoint> from;
    if (!restored.empty()) {
      kept_ = true;
      from.push_back(Checked(
          gemini::DecodeCheckpoint(Checked(io::ReadWholeFile(io::LocalFileSystem(), restored)))));
    }
    store_ = Checked(gemini::Store::Open(std::move(store), from));
    AddTables();
  }
  ~GeminiSide() override { kept_ = true; }  // whoever made the folder removes it

  Answer Get(Numbers keys) override {
    Acquire(keys, Access::kRead);
    Answer answer;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (payloads_[i] != nullptr) answer.Add(Digest(keys[i], payloads_[i]));
    }
    store_->Release();
    return answer;
  }
  void Put(Numbers keys) override {
    Acquire(keys, Access::kOverwrite);
    for (size_t i = 0; i < keys.size(); ++i) Fill(values_, keys[i], payloads_[i]);
    store_->Release();
  }
  Answer Update(Numbers keys) override {
    Acquire(keys, Access::kFindOrCreate);
    Answer answer;
    for (size_t i = 0; i < keys.size(); ++i) answer.Add(CountUp(values_, keys[i], payloads_[i]));
    store_->Release();
    return answer;
  }

  void Append(Numbers keys, Numbers elements) override {
    const gemini::Keys written = keys_.Write(keys);
    const auto bytes = keys_.WriteUserKeys(elements, kElementBytes);
    store_->Append(lists_, {written, keys_.rows(keys.size()), bytes}, 0, nullptr);
    store_->Release();
  }
  Answer TakeLists(Numbers keys) override {
    const gemini::Keys written = keys_.Write(keys);
    const auto rows = keys_.rows(keys.size());
    Answer answer;
    WalkEach(lists_, written, keys, [&](uint64_t key, const gemini::EntryView& entry) {
      answer.Add(key ^ WordAt(entry.key.data()));
    });
    store_->Clear(lists_, written, rows);
    return answer;
  }

  void PutEntries(Numbers keys, Numbers user_keys) override {
    AcquireEntries(keys, user_keys, Access::kOverwrite);
    for (size_t i = 0; i < keys.size(); ++i) Fill(maps_, user_keys[i], payloads_[i]);
    store_->Release();
  }
  Answer GetEntries(Numbers keys, Numbers user_keys) override {
    AcquireEntries(keys, user_keys, Access::kRead);
    Answer answer;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (payloads_[i] != nullptr) answer.Add(Digest(keys[i], payloads_[i]));
    }
    store_->Release();
    return answer;
  }
  void EraseEntries(Numbers keys, Numbers user_keys) override {
    const gemini::Keys written = keys_.Write(keys);
    store_->Erase(maps_, {written, keys_.rows(keys.size()), keys_.WriteUserKeys(user_keys)});
  }
  Answer Walk(Numbers keys) override {
    const gemini::Keys written = keys_.Write(keys);
    Answer answer;
    WalkEach(maps_, written, keys, [&](uint64_t key, const gemini::EntryView& entry) {
      answer.Add(Digest(key, entry.data) ^ WordAt(entry.key.data()));
    });
    return answer;
  }

  void Register(Numbers times, Numbers keys) override {
    keys_.Write(keys);
    for (size_t i = 0; i < keys.size(); ++i) {
      store_->Register(timers_, {static_cast<int64_t>(times[i]), keys_.hash(i), keys_.key(i), {}});
    }
  }
  Answer PopDue(uint64_t until) override {
    Answer answer;
    do {
      Wait([&] {
        return store_->PopDue(timers_, static_cast<int64_t>(until), kWalkedAtOnce, &timer_page_);
      });
      for (size_t i = 0; i < timer_page_.size(); ++i) {
        const gemini::TimerView timer = timer_page_[i];
        answer.Add(Mix(WordAt(timer.key.data() + 8)) + static_cast<uint64_t>(timer.time));
      }
    } while (timer_page_.size() > 0);
    return answer;
  }

  void UpdateWindow(uint64_t window, Numbers keys) override {
    const gemini::Keys written = keys_.Write(keys);
    const std::vector<int64_t> windows(keys.size(), static_cast<int64_t>(window));
    payloads_.resize(keys.size());
    Wait([&] {
      return store_->Acquire(windows_, windows, written, Access::kFindOrCreate, 0, payloads_.data(),
                             nullptr);
    });
    for (size_t i = 0; i < keys.size(); ++i) CountUp(windows_, keys[i], payloads_[i]);
    store_->Release();
  }
  Answer FireWindow(uint64_t window) override {
    uint64_t handle = 0;
    Wait([&] { return store_->Scan(windows_, static_cast<int64_t>(window), &handle); });
    Answer answer;
    WalkOne(windows_, handle, [&](const gemini::EntryView& entry) {
      answer.Add(Digest(WordAt(entry.key.data() + 8), entry.data));
    });
    store_->Release();
    store_->DropWindow(windows_, static_cast<int64_t>(window));
    return answer;
  }

  void Settle() override {
    while (true) {
      const gemini::Store::Work work = store_->Maintain(0);
      if (work == gemini::Store::Work::kNone) return;
      if (work == gemini::Store::Work::kWaiting) host_.Sleep();
    }
  }
  // As all hosts do: while memory is being freed nothing more is written.
  void Pause() override {
    gemini::Store::Work work = store_->Maintain(0);
    while (store_->MustWait()) {
      if (work != gemini::Store::Work::kMore) host_.Sleep();
      work = store_->Maintain(0);
    }
  }

  void StartCheckpoint() override { Check(store_->StartCheckpoint()); }
  bool TakeCheckpoint(CheckpointSize* size) override {
    std::optional<Result<gemini::LiveCheckpoint>> taken = store_->TakeCheckpoint();
    if (!taken) return false;
    checkpoint_ = Checked(std::move(*taken));
    std::set<std::string> paths;
    *size = {};
    for (const gemini::CheckpointRun& run : checkpoint_.description.runs) {
      const auto bytes = static_cast<int64_t>(run.bytes);
      size->bytes += bytes;
      if (known_.count(run.path) == 0) size->new_bytes += bytes;
      paths.insert(run.path);
    }
    known_ = std::move(paths);
    return true;
  }
  void KeepCheckpoint(const std::string& file) override {
    kept_ = true;
    std::ofstream(file) << gemini::EncodeCheckpoint(checkpoint_.description);
  }

  int64_t DiskBytes() override {
    int64_t bytes = 0;
    for (const auto& run : store_->runs().runs()) bytes += static_cast<int64_t>(run.bytes);
    return bytes;
  }
  std::map<std::string, double> Counters() override {
    const gemini::StoreStats stats = store_->stats();
    std::map<std::string, double> counters;
    counters["looked_up"] = static_cast<double>(stats.looked_up);
    counters["read_for_them"] = static_cast<double>(stats.read_for_them);
    counters["bytes_read"] = static_cast<double>(stats.bytes_read);
    counters["bytes_written"] = static_cast<double>(stats.bytes_written);
    const gemini::MemoryUse& memory = stats.memory;
    counters["memory_records"] = static_cast<double>(memory.records);
    counters["memory_room"] = static_cast<double>(memory.room);
    counters["memory_indexes"] = static_cast<double>(memory.indexes);
    counters["memory_runs"] = static_cast<double>(memory.runs);
    counters["memory_writing"] = static_cast<double>(memory.writing);
    counters["memory_blocks"] = static_cast<double>(memory.blocks);
    for (const uint64_t decided : stats.decided) {
      counters["decisions"] += static_cast<double>(decided);
    }
    return counters;
  }
  std::string Describe() override {
    return "charged " + std::to_string(store_->charged_bytes()) + ", runs " +
           std::to_string(store_->runs().runs().size()) + ", waits " + std::to_string(waits_) +
           ", write failure " + store_->write_failure().ToString();
  }

 private:
  static constexpr size_t kElementBytes = 32;

  void AddTables() {
    gemini::RecordLayout layout{options_.value_bytes, {}};
    if (in_blobs()) layout = {sizeof(Blob), {0}};
    values_ = Checked(store_->AddTable({{1, 0}, layout, 0, "values"}));
    maps_ = Checked(store_->AddEntryTable({{2, 0}, layout, gemini::EntriesOf::kMap, 0, "maps"}));
    lists_ = Checked(store_->AddEntryTable({{3, 0}, {}, gemini::EntriesOf::kList, 0, "lists"}));
    windows_ = Checked(
        store_->AddWindowTable({{4, 0}, layout, gemini::EntriesOf::kWindows, 0, "windows"}));
    timers_ = Checked(store_->AddTimerTable({kTimersTable, 60'000, "timers"}));
  }
  bool in_blobs() const { return options_.value_bytes > kMostInPlace; }

  // Until what is cold has been read.
  template <typename Call>
  void Wait(const Call& call) {
    while (true) {
      const Result<Readiness> ready = call();
      Check(ready.status());
      if (*ready == Readiness::kReady) return;
      ++waits_;
      host_.Sleep();
    }
  }
  void Acquire(Numbers keys, Access access) {
    const gemini::Keys written = keys_.Write(keys);
    payloads_.resize(keys.size());
    Wait([&] { return store_->Acquire(values_, written, access, 0, payloads_.data(), nullptr); });
  }
  void AcquireEntries(Numbers keys, Numbers user_keys, Access access) {
    const gemini::Keys written = keys_.Write(keys);
    const gemini::EntryKeys entries{written, keys_.rows(keys.size()),
                                    keys_.WriteUserKeys(user_keys)};
    payloads_.resize(keys.size());
    Wait([&] { return store_->Acquire(maps_, entries, access, 0, payloads_.data(), nullptr); });
  }
  template <typename Visit>
  void WalkEach(EntryTable* table, const gemini::Keys& written, Numbers keys, const Visit& visit) {
    Wait([&] { return store_->Locate(table, written, keys_.rows(keys.size()), &handles_); });
    for (size_t i = 0; i < keys.size(); ++i) {
      if (handles_[i] == 0) continue;
      WalkOne(table, handles_[i], [&](const gemini::EntryView& entry) { visit(keys[i], entry); });
    }
    store_->Release();
  }
  template <typename Visit>
  void WalkOne(EntryTable* table, uint64_t handle, const Visit& visit) {
    for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries;) {
      page_.clear();
      table->Walk(handle, Access::kRead, 0, &cursor, kWalkedAtOnce, &page_);
      for (const gemini::EntryView& entry : page_) visit(entry);
    }
  }

  uint64_t Digest(uint64_t key, const std::byte* payload) const {
    if (!in_blobs()) {
      const auto* bytes = reinterpret_cast<const char*>(payload);
      return ValueSource::Digest(key, bytes, options_.value_bytes);
    }
    const std::string_view bytes = reinterpret_cast<const Blob*>(payload)->view();
    return ValueSource::Digest(key, bytes.data(), bytes.size());
  }
  template <typename Table>
  void Fill(Table* table, uint64_t number, std::byte* payload) {
    if (!in_blobs()) return source_.Write(number, reinterpret_cast<char*>(payload));
    source_.Write(number, scratch_.data());
    table->SetBlob(reinterpret_cast<Blob*>(payload), scratch_);
  }
  // A record that has just been made is of zeros. The number before.
  template <typename Table>
  uint64_t CountUp(Table* table, uint64_t key, std::byte* payload) {
    auto* bytes = reinterpret_cast<char*>(payload);
    if (in_blobs()) {
      auto* blob = reinterpret_cast<Blob*>(payload);
      scratch_.assign(blob->view());
      scratch_.resize(options_.value_bytes, '\0');
      bytes = scratch_.data();
    }
    const uint64_t number = WordAt(bytes) + 1;
    std::memcpy(bytes, &number, 8);
    if (in_blobs()) table->SetBlob(reinterpret_cast<Blob*>(payload), scratch_);
    return Mix(key) + number;
  }

  const SideOptions options_;
  const ValueSource source_;
  std::string scratch_;
  std::atomic<bool> kept_ = false;
  GeminiHost host_{kBackground, kAwaited};
  gemini::SharedBudget budget_{&MemoryAccount::State()};  // of the one instance and its merges
  std::unique_ptr<gemini::Store> store_;
  gemini::RecordTable* values_ = nullptr;
  EntryTable *maps_ = nullptr, *lists_ = nullptr, *windows_ = nullptr;
  gemini::TimerTable* timers_ = nullptr;

  GeminiKeys keys_;
  std::vector<std::byte*> payloads_;
  std::vector<uint64_t> handles_;
  std::vector<gemini::EntryView> page_;
  gemini::TimerPage timer_page_;
  gemini::LiveCheckpoint checkpoint_;
  std::set<std::string> known_;  // paths of the checkpoint before
  uint64_t waits_ = 0;
};

}  // namespace

std::unique_ptr<Side> OpenGemini(const SideOptions& options, const std::string& restored) {
  return std::make_unique<GeminiSide>(options, restored);
}

}  // namespace castor::bench
