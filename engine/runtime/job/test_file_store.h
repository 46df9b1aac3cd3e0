// For tests: a store whose native snapshots consist of files, as many of which as possible they
// have in common.
//
// The in-memory store's snapshot is cut into pieces, each a file that is written anew where it has
// changed. Besides there is a file with the name of the operator, which every later snapshot needs,
// those of the stores that it was restored from included: so claimed files stay in use.
#pragma once

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "state/snapshot.h"

namespace castor::runtime::test {

class FileStore final : public state::SnapshottableStore {
 public:
  FileStore(std::string operator_name, KeyGroupRange range, int32_t max_parallelism,
            const Clock& clock, state::StoreHost host)
      : memory_(state::MakeMemoryStore(operator_name, range, max_parallelism, clock)),
        files_(std::make_shared<Files>(std::move(operator_name), std::move(host))) {}

  static std::unique_ptr<state::SnapshottableStore> Make(std::string operator_name,
                                                         KeyGroupRange range,
                                                         int32_t max_parallelism,
                                                         const Clock& clock,
                                                         state::StoreHost host) {
    return std::make_unique<FileStore>(std::move(operator_name), range, max_parallelism, clock,
                                       std::move(host));
  }

  Result<state::ValueState*> OpenValue(const state::StateDescriptor& d) override {
    return memory_->OpenValue(d);
  }
  Result<state::MapState*> OpenMap(const state::StateDescriptor& d) override {
    return memory_->OpenMap(d);
  }
  Result<state::ListState*> OpenList(const state::StateDescriptor& d) override {
    return memory_->OpenList(d);
  }
  Result<state::WindowState*> OpenWindow(const state::StateDescriptor& d) override {
    return memory_->OpenWindow(d);
  }
  Result<state::WindowListState*> OpenWindowList(const state::StateDescriptor& d) override {
    return memory_->OpenWindowList(d);
  }
  Result<state::TimerQueue*> OpenTimers(const std::string& name) override {
    return memory_->OpenTimers(name);
  }
  int64_t ByteSize() const override { return memory_->ByteSize(); }
  bool HasStates() const override { return memory_->HasStates(); }
  Work Maintain(bool at_rest, std::chrono::nanoseconds budget) override {
    return memory_->Maintain(at_rest, budget);
  }
  bool MustWait() const override { return memory_->MustWait(); }

  Result<std::unique_ptr<state::StateCut>> Cut(state::SnapshotFormat format,
                                               std::function<void()> room) override {
    CASTOR_ASSIGN_OR_RETURN(auto cut, memory_->Cut(format, std::move(room)));
    if (format == state::SnapshotFormat::kCanonical) return cut;
    return std::unique_ptr<state::StateCut>(std::make_unique<FileCut>(std::move(cut), files_));
  }

  Status Restore(const state::StoredState& stored) override {
    if (!stored.bytes.starts_with(kHead)) return memory_->Restore(stored);
    size_t pieces = 0;
    const std::string_view count = stored.bytes.substr(kHead.size());
    std::from_chars(count.data(), count.data() + count.size(), pieces);
    std::string bytes;
    for (size_t i = 0; i < stored.files.size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(const std::string content, files_->Restore(stored.files[i]));
      if (i < pieces) bytes += content;
    }
    return memory_->Restore({bytes});
  }

 private:
  static constexpr std::string_view kHead = "in files: ";

  // Released when the last of store and cuts lets go.
  struct Held {
    state::StateFile file;
    std::string content;
    std::function<void(const std::string&)> release;
    ~Held() { release(file.path); }
  };
  using HeldFile = std::shared_ptr<const Held>;

  class Files {
   public:
    Files(std::string operator_name, state::StoreHost host)
        : operator_name_(std::move(operator_name)), host_(std::move(host)) {}

    Result<std::string> Restore(const state::StateFile& stored) {
      CASTOR_ASSIGN_OR_RETURN(std::string content,
                              io::ReadWholeFile(*host_.file_system, stored.path));
      const std::lock_guard lock(mutex_);
      const bool named = content == operator_name_;
      const bool known = std::any_of(lasting_.begin(), lasting_.end(), [&](const HeldFile& each) {
        return each->file.path == stored.path;
      });
      if (!known) {
        auto held = std::make_shared<Held>(stored, named ? content : "", host_.release);
        (named ? lasting_ : restored_).push_back(std::move(held));
      }
      return content;
    }

    // The files of a snapshot of `content`: pieces, then those that last. By one cut at a time.
    Result<std::vector<HeldFile>> Write(const std::string& content, size_t* pieces) {
      const std::lock_guard lock(mutex_);
      if (!named_) {
        CASTOR_ASSIGN_OR_RETURN(auto held, Write(operator_name_));
        lasting_.push_back(std::move(held));
        named_ = true;
      }
      const size_t size = std::max<size_t>(content.size() / 4, 16) + 1;
      std::vector<HeldFile> files;
      for (size_t at = 0; at < content.size(); at += size) {
        const std::string piece = content.substr(at, size);
        const auto same = std::find_if(pieces_.begin(), pieces_.end(), [&](const HeldFile& each) {
          return each->content == piece;
        });
        if (same != pieces_.end()) {
          files.push_back(*same);
          continue;
        }
        CASTOR_ASSIGN_OR_RETURN(auto held, Write(piece));
        files.push_back(std::move(held));
      }
      CASTOR_RETURN_NOT_OK(
          host_.file_system->SyncDirectory(io::ParentDirectory(host_.file_prefix)));
      pieces_ = files;
      *pieces = files.size();
      restored_.clear();  // what was restored is written anew
      files.insert(files.end(), lasting_.begin(), lasting_.end());
      return files;
    }

   private:
    Result<HeldFile> Write(const std::string& content) {
      const std::string path = host_.file_prefix + std::to_string(next_++);
      CASTOR_ASSIGN_OR_RETURN(auto file, host_.file_system->OpenForWrite(path));
      CASTOR_RETURN_NOT_OK(file->Append(content));
      CASTOR_RETURN_NOT_OK(file->Sync());
      CASTOR_RETURN_NOT_OK(file->Close());
      const state::StateFile written{path, static_cast<int64_t>(content.size())};
      return HeldFile(std::make_shared<Held>(written, content, host_.release));
    }

    const std::string operator_name_;
    const state::StoreHost host_;
    std::mutex mutex_;
    int next_ = 0;
    bool named_ = false;
    std::vector<HeldFile> pieces_, lasting_, restored_;
  };

  class FileCut final : public state::StateCut {
   public:
    FileCut(std::unique_ptr<state::StateCut> memory, std::shared_ptr<Files> files)
        : memory_(std::move(memory)), target_(std::move(files)) {}

    void WhenReady(std::function<void()> ready) override { memory_->WhenReady(std::move(ready)); }
    Result<bool> Write(const state::ByteSink& sink) override {
      CASTOR_ASSIGN_OR_RETURN(const bool all, memory_->Write([this](std::string_view bytes) {
        content_ += bytes;
        return Status::OK();
      }));
      if (!all) return false;
      size_t pieces = 0;
      CASTOR_ASSIGN_OR_RETURN(held_, target_->Write(content_, &pieces));
      for (const HeldFile& each : held_) files_.push_back(each->file);
      CASTOR_RETURN_NOT_OK(sink(std::string(kHead) + std::to_string(pieces)));
      return true;
    }
    const std::vector<state::StateFile>& files() const override { return files_; }

   private:
    const std::unique_ptr<state::StateCut> memory_;
    const std::shared_ptr<Files> target_;
    std::string content_;
    std::vector<HeldFile> held_;
    std::vector<state::StateFile> files_;
  };

  const std::unique_ptr<state::SnapshottableStore> memory_;
  const std::shared_ptr<Files> files_;
};

}  // namespace castor::runtime::test
