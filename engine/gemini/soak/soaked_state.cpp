#include "gemini/soak/soaked_state.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace castor::gemini {
namespace {

struct Payload {
  uint64_t version;
  uint64_t unused;
  Blob text;
};
constexpr uint32_t kTable = 7;

std::string_view NumberBytes(const uint32_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

}  // namespace

SoakedState::SoakedState(Kind kind, uint32_t seed, StoreOptions options, KeptCheckpoint* kept)
    : kind_(kind),
      seed_(seed),
      kept_(kept),
      random_(seed),
      versions_(kRecords),
      versions_at_cut_(kRecords) {
  const Status opened = Open(std::move(options));
  if (!opened.ok()) Fail(opened.ToString());
}

Status SoakedState::Open(StoreOptions options) {
  CASTOR_ASSIGN_OR_RETURN(auto content, kept_->Load());
  options.run_prefix = kept_->run_prefix();
  std::vector<gemini::Checkpoint> restored;
  if (content.has_value()) {
    versions_ = std::move(content->versions);
    restored.push_back(std::move(content->checkpoint));
    random_.seed(seed_ + std::accumulate(versions_.begin(), versions_.end(), 0u));
  }
  CASTOR_ASSIGN_OR_RETURN(store_, Store::Open(std::move(options), restored));
  const RecordLayout layout{sizeof(Payload), {16}};
  if (kind_ == Kind::kKeys) {
    CASTOR_ASSIGN_OR_RETURN(records_, store_->AddTable({{kTable, 0}, layout}));
  } else if (kind_ == Kind::kMaps) {
    CASTOR_ASSIGN_OR_RETURN(entries_,
                            store_->AddEntryTable({{kTable, 0}, layout, EntriesOf::kMap}));
  } else {
    CASTOR_ASSIGN_OR_RETURN(entries_, store_->AddWindowTable({{kTable, 0}, layout}));
  }
  return Status::OK();
}

void SoakedState::Fail(std::string what) {
  if (failure_.empty()) failure_ = "state " + std::to_string(seed_) + ": " + std::move(what);
}

std::string SoakedState::TextOf(uint32_t record) const {
  const uint32_t hash =
      HashOfNumber(uint64_t{seed_} << 40 ^ uint64_t{versions_[record]} << 20 ^ record);
  return std::string(hash % 16 * 50, static_cast<char>('a' + hash / 16 % 26));
}

// Of some batches the records stand next to each other, so that soon there are all of them; of most
// three in four are among a sixteenth of all, which changes with time.
void SoakedState::Begin() {
  const uint32_t what = static_cast<uint32_t>(random_() % 100);
  if (what < 4 && kind_ != Kind::kKeys) {
    return Take(Act::kWalk, {static_cast<uint32_t>(random_() % kRecords / kOfGroup * kOfGroup)});
  }
  const auto hot = static_cast<uint32_t>(done_ / 40'000 * 1'009);
  const bool in_order = random_() % 3 == 0;
  std::vector<uint32_t> records(kBatch);
  for (uint32_t& record : records) {
    const auto any = static_cast<uint32_t>(random_());
    record = in_order ? next_in_order_++ : any % 4 == 0 ? any / 4 : hot + any / 4 % (kRecords / 16);
    record %= kRecords;
  }
  Take(what < 60 ? Act::kWrite : what < 92 ? Act::kRead : Act::kErase, std::move(records));
}

void SoakedState::Take(Act act, std::vector<uint32_t> records) {
  act_ = act;
  batch_ = std::move(records);
  cursor_ = walked_ = 0;
  keys_ = {};
  rows_.resize(batch_.size());
  std::iota(rows_.begin(), rows_.end(), 0);
  user_keys_.clear();
  windows_.clear();
  for (const uint32_t& record : batch_) {
    keys_.Add(kind_ == Kind::kMaps ? record / kOfGroup : record);
    user_keys_.push_back(NumberBytes(record));
    windows_.push_back(record / kOfGroup);
  }
}

bool SoakedState::Step() {
  if (!failure_.empty()) return false;
  if (batch_.empty()) {
    if (store_->MustWait()) return false;
    Begin();
  }
  const Result<Readiness> ready = Go();
  if (!ready.ok()) Fail(ready.status().ToString());
  if (!ready.ok() || *ready == Readiness::kPending) return false;
  done_ += batch_.size();
  batch_.clear();
  return true;
}

bool SoakedState::CheckNext() {
  if (!failure_.empty()) return false;
  if (batch_.empty()) {
    if (next_checked_ == kRecords) return false;
    std::vector<uint32_t> records(std::min(kBatch, kRecords - next_checked_));
    std::iota(records.begin(), records.end(), next_checked_);
    next_checked_ += static_cast<uint32_t>(records.size());
    Take(Act::kRead, std::move(records));
  }
  Step();
  return true;
}

Result<Readiness> SoakedState::Go() {
  if (act_ == Act::kWalk) return Walk();
  if (act_ != Act::kErase || kind_ == Kind::kWindows) return Access();
  Erase();
  return Readiness::kReady;
}

Result<Readiness> SoakedState::Access() {
  const auto access = act_ == Act::kWrite ? gemini::Access::kFindOrCreate : gemini::Access::kRead;
  std::vector<std::byte*> payloads(batch_.size());
  const Keys keys = keys_.view();
  Result<Readiness> ready =
      kind_ == Kind::kKeys ? store_->Acquire(records_, keys, access, 0, payloads.data(), nullptr)
      : kind_ == Kind::kMaps
          ? store_->Acquire(entries_, Entries(keys), access, 0, payloads.data(), nullptr)
          : store_->Acquire(entries_, windows_, keys, access, 0, payloads.data(), nullptr);
  if (!ready.ok() || *ready == Readiness::kPending) return ready;
  for (size_t i = 0; i < batch_.size(); ++i) {
    Check(batch_[i], payloads[i]);
    if (act_ == Act::kWrite) Written(batch_[i], payloads[i]);
  }
  return ready;
}

void SoakedState::Written(uint32_t record, std::byte* payload) {
  ++versions_[record];
  auto* content = reinterpret_cast<Payload*>(payload);
  content->version = versions_[record];
  const std::string text = TextOf(record);
  records_ != nullptr ? records_->SetBlob(&content->text, text)
                      : entries_->SetBlob(&content->text, text);
}

// A record that a write has just made is of zeros.
void SoakedState::Check(uint32_t record, const std::byte* payload) {
  const uint32_t version = versions_[record];
  if (payload == nullptr) {
    if (version != 0) Fail("record " + std::to_string(record) + " is lost");
    return;
  }
  const auto* content = reinterpret_cast<const Payload*>(payload);
  const bool made = act_ == Act::kWrite && version == 0;
  if (content->version != version || (version == 0 && !made)) {
    return Fail("record " + std::to_string(record) + " is of version " +
                std::to_string(content->version) + ", not " + std::to_string(version));
  }
  if (content->text.view() != (made ? "" : TextOf(record))) {
    Fail("record " + std::to_string(record) + " has another text");
  }
}

// Of windows whole ones are dropped.
void SoakedState::Erase() {
  const Keys keys = keys_.view();
  if (kind_ == Kind::kKeys) {
    store_->Erase(records_, keys, rows_);
  } else {
    store_->Erase(entries_, Entries(keys));
  }
  for (const uint32_t record : batch_) versions_[record] = 0;
}

Result<Readiness> SoakedState::Walk() {
  std::vector<EntryView> page;
  if (kind_ == Kind::kWindows) {
    while (cursor_ != EntryTable::kEndOfEntries) {
      page.clear();
      auto ready = store_->ScanPage(entries_, windows_[0], &cursor_, kBatch, &page);
      if (!ready.ok() || *ready == Readiness::kPending) return ready;
      CheckWalked(page);
    }
  } else {
    std::vector<uint64_t> handles;
    auto ready = store_->Locate(entries_, keys_.view(), rows_, &handles);
    if (!ready.ok() || *ready == Readiness::kPending) return ready;
    while (cursor_ != EntryTable::kEndOfEntries) {
      entries_->Walk(handles[0], gemini::Access::kRead, 0, &cursor_, kBatch, &page);
    }
    CheckWalked(page);
  }
  EndWalk();
  return Readiness::kReady;
}

void SoakedState::CheckWalked(const std::vector<EntryView>& page) {
  for (const EntryView& entry : page) {
    uint64_t record = 0;
    if (kind_ == Kind::kWindows) {
      entry.key.copy(reinterpret_cast<char*>(&record), sizeof(record), sizeof(record));
    } else {
      entry.key.copy(reinterpret_cast<char*>(&record), sizeof(uint32_t));
    }
    if (record / kOfGroup != batch_[0] / kOfGroup) return Fail("an entry of another group");
    Check(static_cast<uint32_t>(record), entry.data);
  }
  walked_ += static_cast<uint32_t>(page.size());
}

// And then a window is dropped now and again.
void SoakedState::EndWalk() {
  const auto first = versions_.begin() + batch_[0];
  const auto there =
      std::count_if(first, first + kOfGroup, [](uint32_t version) { return version != 0; });
  if (walked_ != there) {
    Fail(std::to_string(walked_) + " entries, not " + std::to_string(there));
  }
  if (kind_ != Kind::kWindows || random_() % 2 == 0) return;
  store_->DropWindow(entries_, windows_[0]);
  std::fill(first, first + kOfGroup, 0u);
}

Store::Work SoakedState::Maintain() {
  if (!failure_.empty()) return Store::Work::kNone;
  if (idle()) store_->Release();
  const Store::Work work = store_->Maintain(0);
  if (checkpointing_) TakeCheckpoint();
  if (!store_->write_failure().ok()) Fail(store_->write_failure().ToString());
  return work;
}

void SoakedState::TakeCheckpoint() {
  std::optional<Result<LiveCheckpoint>> taken = store_->TakeCheckpoint();
  if (!taken.has_value()) return;
  checkpointing_ = false;
  if (!taken->ok()) return Fail(taken->status().ToString());
  const Status kept = kept_->Keep((*taken)->description, versions_at_cut_);
  if (!kept.ok()) return Fail(kept.ToString());
  last_ = std::move(**taken);
  ++checkpoints_;
}

void SoakedState::Checkpoint() {
  if (checkpointing_ || !idle() || !failure_.empty()) return;
  checkpointing_ = true;
  std::copy(versions_.begin(), versions_.end(), versions_at_cut_.begin());
  const Status started = store_->StartCheckpoint();
  if (!started.ok()) Fail(started.ToString());
}

}  // namespace castor::gemini
