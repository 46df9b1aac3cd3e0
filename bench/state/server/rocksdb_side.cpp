// RocksDB as Flink's backend drives it: a column family for each state, a call for each record, no
// write-ahead log, lists appended to by merging, maps walked behind a prefix. Without what JNI
// costs.
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <vector>

#include "bench/state/server/check.h"
#include "bench/state/server/rocksdb_options.h"
#include "bench/state/server/rocksdb_timers.h"
#include "bench/state/server/side.h"
#include "bench/state/server/values.h"

namespace castor::bench {
namespace {

using rocksdb::ColumnFamilyHandle;
using rocksdb::PinnableSlice;
using rocksdb::Slice;

constexpr size_t kElementBytes = 32;
constexpr char kDelimiter = ',';

// Key group, key, and a namespace of one byte; room for a user key or a window.
class CompositeKey {
 public:
  Slice Of(uint64_t key) {
    bytes_[0] = static_cast<char>(HashOfKey(key) % Side::kKeyGroups);
    WriteKey(key, bytes_ + 1);
    bytes_[1 + kKeyBytes] = 0;
    return {bytes_, kPrefix};
  }
  Slice Of(uint64_t key, uint64_t user_key) {
    Of(key);
    std::memcpy(bytes_ + kPrefix, &user_key, 8);
    return {bytes_, sizeof(bytes_)};
  }
  static uint64_t UserKeyOf(const Slice& key) { return WordAt(key.data() + kPrefix); }

 private:
  static constexpr size_t kPrefix = 1 + kKeyBytes + 1;
  char bytes_[kPrefix + 8];
};

class RocksDbSide final : public Side {
 public:
  RocksDbSide(const SideOptions& options, const std::string& restored, bool download)
      : folder_(options.folder), source_(options.value_bytes), value_(options.value_bytes, '\0') {
    if (!restored.empty()) BringCheckpoint(restored, download);
    const rocksdb::Options tuning = FlinkOptions(options.memory_bytes, options.tuned);
    const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
        {rocksdb::kDefaultColumnFamilyName, tuning}, {"values", tuning},  {"maps", tuning},
        {"lists", WithListMerging(tuning)},          {"windows", tuning}, {"timers", tuning}};
    std::vector<ColumnFamilyHandle*> handles;
    Check(rocksdb::DB::Open(tuning, folder_ + "/db", families, &handles, &db_));
    values_ = handles[1], maps_ = handles[2], lists_ = handles[3], windows_ = handles[4];
    timers_ = std::make_unique<RocksDbTimers>(db_.get(), handles[5]);
    handles_ = std::move(handles);
    write_.disableWAL = true;
  }
  ~RocksDbSide() override {
    timers_.reset();
    for (ColumnFamilyHandle* handle : handles_) Check(db_->DestroyColumnFamilyHandle(handle));
  }

  Answer Get(Numbers keys) override {
    Answer answer;
    for (const uint64_t key : keys) {
      if (Find(values_, key_.Of(key))) answer.Add(Digest(key, found_));
    }
    return answer;
  }
  void Put(Numbers keys) override {
    for (const uint64_t key : keys) {
      source_.Write(key, value_.data());
      Check(db_->Put(write_, values_, key_.Of(key), value_));
    }
  }
  Answer Update(Numbers keys) override {
    Answer answer;
    for (const uint64_t key : keys) answer.Add(CountUp(values_, key, key_.Of(key)));
    return answer;
  }

  void Append(Numbers keys, Numbers elements) override {
    char element[kElementBytes] = {};
    for (size_t i = 0; i < keys.size(); ++i) {
      std::memcpy(element, &elements[i], 8);
      Check(db_->Merge(write_, lists_, key_.Of(keys[i]), {element, sizeof(element)}));
    }
  }
  Answer TakeLists(Numbers keys) override {
    Answer answer;
    for (const uint64_t key : keys) {
      if (!Find(lists_, key_.Of(key))) continue;
      for (size_t at = 0; at < found_.size(); at += kElementBytes + sizeof(kDelimiter)) {
        answer.Add(key ^ WordAt(found_.data() + at));
      }
      Check(db_->Delete(write_, lists_, key_.Of(key)));
    }
    return answer;
  }

  void PutEntries(Numbers keys, Numbers user_keys) override {
    for (size_t i = 0; i < keys.size(); ++i) {
      source_.Write(user_keys[i], value_.data());
      Check(db_->Put(write_, maps_, key_.Of(keys[i], user_keys[i]), value_));
    }
  }
  Answer GetEntries(Numbers keys, Numbers user_keys) override {
    Answer answer;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (Find(maps_, key_.Of(keys[i], user_keys[i]))) answer.Add(Digest(keys[i], found_));
    }
    return answer;
  }
  void EraseEntries(Numbers keys, Numbers user_keys) override {
    for (size_t i = 0; i < keys.size(); ++i) {
      Check(db_->Delete(write_, maps_, key_.Of(keys[i], user_keys[i])));
    }
  }
  Answer Walk(Numbers keys) override {
    Answer answer;
    for (const uint64_t key : keys) {
      const std::unique_ptr<rocksdb::Iterator> iterator(db_->NewIterator({}, maps_));
      const Slice prefix = key_.Of(key);
      for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix);
           iterator->Next()) {
        answer.Add(Digest(key, iterator->value()) ^ CompositeKey::UserKeyOf(iterator->key()));
      }
      Check(iterator->status());
    }
    return answer;
  }

  void Register(Numbers times, Numbers keys) override {
    for (size_t i = 0; i < keys.size(); ++i) timers_->Register(times[i], keys[i]);
  }
  Answer PopDue(uint64_t until) override {
    Answer answer;
    RocksDbTimers::Timer timer;
    while (timers_->PopDue(until, &timer)) answer.Add(Mix(timer.key) + timer.time);
    return answer;
  }

  // Flink has a timer for each key of a window, which fires it.
  void UpdateWindow(uint64_t window, Numbers keys) override {
    for (const uint64_t key : keys) {
      const uint64_t number = CountUp(windows_, key, key_.Of(key, window)) - Mix(key);
      if (number == 1) timers_->Register(window, key, window);
    }
  }
  Answer FireWindow(uint64_t window) override {
    Answer answer;
    RocksDbTimers::Timer timer;
    while (timers_->PopDue(window, &timer)) {
      const Slice composite = key_.Of(timer.key, timer.name_space);
      if (Find(windows_, composite)) answer.Add(Digest(timer.key, found_));
      Check(db_->Delete(write_, windows_, composite));
    }
    return answer;
  }

  void Settle() override { Check(db_->WaitForCompact({})); }
  void Pause() override {}

  // What Flink does before the operator goes on: memtables are flushed, files are linked.
  void StartCheckpoint() override {
    timers_->Flush();
    rocksdb::Checkpoint* made = nullptr;
    Check(rocksdb::Checkpoint::Create(db_.get(), &made));
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    const std::string before = checkpoint_;
    checkpoint_ = folder_ + "/checkpoint-" + std::to_string(++checkpoints_);
    Check(checkpoint->CreateCheckpoint(checkpoint_));
    if (!before.empty() && before != kept_) {
      deleting_ = std::jthread([before] { std::filesystem::remove_all(before); });
    }
  }
  bool TakeCheckpoint(CheckpointSize* size) override {
    *size = {};
    std::map<std::string, int64_t> files;
    for (const auto& file : std::filesystem::directory_iterator(checkpoint_)) {
      const std::string name = file.path().filename();
      const auto bytes = static_cast<int64_t>(file.file_size());
      size->bytes += bytes;
      if (known_.count(name) == 0 || !name.ends_with(".sst")) size->new_bytes += bytes;
      files[name] = bytes;
    }
    known_ = std::move(files);
    return true;
  }
  void KeepCheckpoint(const std::string& file) override {
    kept_ = checkpoint_;
    std::ofstream(file) << checkpoint_;
  }

  int64_t DiskBytes() override {
    int64_t bytes = 0;
    for (ColumnFamilyHandle* handle : handles_) {
      uint64_t of_family = 0;
      db_->GetIntProperty(handle, "rocksdb.total-sst-files-size", &of_family);
      bytes += static_cast<int64_t>(of_family);
    }
    return bytes;
  }
  std::string Describe() override {
    std::string levels;
    db_->GetProperty(values_, "rocksdb.levelstats", &levels);
    return levels;
  }

 private:
  // Files of a checkpoint are downloaded, as after a failure of the machine, or linked.
  void BringCheckpoint(const std::string& restored, bool download) {
    std::string from;
    std::getline(std::ifstream(restored), from);
    std::filesystem::create_directories(folder_ + "/db");
    for (const auto& file : std::filesystem::directory_iterator(from)) {
      const std::filesystem::path to = folder_ + "/db/" + file.path().filename().string();
      if (download || file.path().extension() != ".sst") {
        std::filesystem::copy_file(file.path(), to);
      } else {
        std::filesystem::create_hard_link(file.path(), to);
      }
    }
  }

  bool Find(ColumnFamilyHandle* family, const Slice& key) {
    found_.Reset();
    const rocksdb::Status status = db_->Get(read_, family, key, &found_);
    if (!status.IsNotFound()) Check(status);
    return status.ok();
  }
  static uint64_t Digest(uint64_t key, const Slice& value) {
    return ValueSource::Digest(key, value.data(), value.size());
  }
  uint64_t CountUp(ColumnFamilyHandle* family, uint64_t key, const Slice& composite) {
    if (Find(family, composite)) {
      value_.assign(found_.data(), found_.size());
    } else {
      value_.assign(source_.size(), '\0');
    }
    const uint64_t number = WordAt(value_.data()) + 1;
    std::memcpy(value_.data(), &number, 8);
    Check(db_->Put(write_, family, composite, value_));
    return Mix(key) + number;
  }

  const std::string folder_;
  const ValueSource source_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<ColumnFamilyHandle*> handles_;
  ColumnFamilyHandle *values_ = nullptr, *maps_ = nullptr, *lists_ = nullptr, *windows_ = nullptr;
  std::unique_ptr<RocksDbTimers> timers_;
  rocksdb::WriteOptions write_;
  rocksdb::ReadOptions read_;

  CompositeKey key_;
  PinnableSlice found_;
  std::string value_;
  std::string checkpoint_, kept_;  // folders
  int checkpoints_ = 0;
  std::jthread deleting_;  // the checkpoint before, for which Flink's operator does not wait
  std::map<std::string, int64_t> known_;  // files of the checkpoint before
};

}  // namespace

std::unique_ptr<Side> OpenRocksDb(const SideOptions& options, const std::string& restored,
                                  bool download) {
  return std::make_unique<RocksDbSide>(options, restored, download);
}

}  // namespace castor::bench
