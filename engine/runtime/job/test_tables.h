// Tables for tests of the runtime: a source of numbers, and a two-phase sink that shows exactly
// what was committed. Real implementations of the connector contracts; only their data is trivial.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "column/gather.h"
#include "connector/api/registry.h"

namespace castor::runtime::test {

inline LogicalType NumbersRow() {
  return LogicalType::Row(
      {{"key", LogicalType::BigInt(false)}, {"value", LogicalType::BigInt(false)}});
}

inline int64_t IntOption(const plan::Table& table, const std::string& name, int64_t fallback) {
  const auto found = table.options.find(name);
  return found == table.options.end() ? fallback : std::stoll(found->second);
}

// Split "s" holds the values s, s + splits, s + 2 * splits ... below `count`; key = value % keys.
class NumbersSource final : public connector::Source {
 public:
  explicit NumbersSource(const plan::Table& table)
      : count_(IntOption(table, "count", 1000)),
        keys_(IntOption(table, "keys", 10)),
        splits_(IntOption(table, "splits", 4)),
        bounded_(IntOption(table, "bounded", 1) != 0),
        slow_(IntOption(table, "slow", 0) != 0) {}

  bool bounded() const override { return bounded_; }

  Result<std::unique_ptr<connector::SplitEnumerator>> MakeEnumerator(
      int32_t, std::string_view restored) override {
    return std::unique_ptr<connector::SplitEnumerator>(
        std::make_unique<Enumerator>(splits_, !restored.empty()));
  }
  Result<std::unique_ptr<connector::SourceReader>> MakeReader() override {
    return std::unique_ptr<connector::SourceReader>(std::make_unique<Reader>(*this));
  }

 private:
  class Enumerator final : public connector::SplitEnumerator {
   public:
    Enumerator(int64_t splits, bool done) : splits_(splits), done_(done) {}
    Result<connector::Discovery> Discover() override {
      connector::Discovery found;
      found.finished = true;
      if (done_) return found;
      done_ = true;
      for (int64_t i = 0; i < splits_; ++i)
        found.splits.push_back({std::to_string(i), std::to_string(i)});
      return found;
    }
    std::string Snapshot() const override { return done_ ? "done" : ""; }

   private:
    const int64_t splits_;
    bool done_;
  };

  class Reader final : public connector::SourceReader {
   public:
    explicit Reader(const NumbersSource& source) : source_(source) {}
    Status Open(const connector::ReaderContext& context) override {
      context_ = context;
      return Status::OK();
    }
    Status AddSplits(std::vector<connector::Split> splits) override {
      for (auto& split : splits) splits_.push_back(std::move(split));
      return Status::OK();
    }
    Result<connector::PollResult> Poll() override {
      connector::PollResult result;
      if (++polls_ % 7 == 0) {  // now and then there is nothing for a while
        context_.waker();
        return result;
      }
      if (source_.slow_ && polls_ % 2 == 0) {
        result.retry_at_ms = context_.clock->NowMs() + 1;
        return result;
      }
      if (splits_.empty()) {
        result.state = connector::PollState::kFinished;
        return result;
      }
      connector::Split& split = splits_[polls_ % splits_.size()];
      Fill(&split, &result);
      if (result.split_finished)
        std::erase_if(splits_, [&](const auto& s) { return s.id == result.split_id; });
      return result;
    }
    Result<std::vector<connector::Split>> SnapshotSplits() override { return splits_; }

   private:
    void Fill(connector::Split* split, connector::PollResult* result) {
      int64_t next = std::stoll(split->state);
      const auto rows = static_cast<int32_t>(
          std::min<int64_t>(1 + polls_ % static_cast<size_t>(context_.batch_rows),
                            (source_.count_ - next + source_.splits_ - 1) / source_.splits_));
      auto keys = Column::MakeFlat(LogicalType::BigInt(false), std::max(rows, 0));
      auto values = Column::MakeFlat(LogicalType::BigInt(false), std::max(rows, 0));
      for (int32_t i = 0; i < rows; ++i, next += source_.splits_) {
        values->mutable_values<int64_t>()[i] = next;
        keys->mutable_values<int64_t>()[i] = next % source_.keys_;
      }
      split->state = std::to_string(next);
      result->state = connector::PollState::kBatch;
      result->split_id = split->id;
      result->split_finished = next >= source_.count_;
      if (rows > 0) result->batch = Batch(rows, {keys, values});
    }

    const NumbersSource& source_;
    connector::ReaderContext context_;
    std::vector<connector::Split> splits_;
    size_t polls_ = 0;
  };

  const int64_t count_;
  const int64_t keys_;
  const int64_t splits_;
  const bool bounded_;
  const bool slow_;
};

// What a sink's committers have made visible: outlives jobs, as files would.
struct Committed {
  using Rows = std::vector<std::pair<int64_t, int64_t>>;
  std::mutex mutex;
  std::set<std::string> committables;
  Rows rows;
  int finished = 0;

  Rows Sorted() {
    const std::lock_guard lock(mutex);
    Rows sorted = rows;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  size_t size() {
    const std::lock_guard lock(mutex);
    return rows.size();
  }
};

// Rows of two BIGINTs. Each barrier gives one committable: a unique name and the rows since the
// last.
class CommittedSink final : public connector::Sink {
 public:
  explicit CommittedSink(Committed* target) : target_(target) {}
  Result<std::unique_ptr<connector::SinkWriter>> MakeWriter() override {
    return std::unique_ptr<connector::SinkWriter>(std::make_unique<Writer>());
  }
  Result<std::unique_ptr<connector::Committer>> MakeCommitter() override {
    return std::unique_ptr<connector::Committer>(std::make_unique<CommitterImpl>(target_));
  }

 private:
  class Writer final : public connector::SinkWriter {
   public:
    Status Open(const connector::WriterContext& context) override {
      name_ = context.attempt_id + "/" + std::to_string(context.subtask) + "/";
      return Status::OK();
    }
    Status Write(const Batch& batch) override {
      const ColumnPtr keys = Flatten(batch.columns[0]);
      const ColumnPtr values = Flatten(batch.columns[1]);
      for (int32_t i = 0; i < batch.num_rows; ++i) {
        const int64_t pair[2] = {keys->values<int64_t>()[i], values->values<int64_t>()[i]};
        rows_.append(reinterpret_cast<const char*>(pair), sizeof(pair));
      }
      return Status::OK();
    }
    Result<std::vector<std::string>> PrepareCommit() override {
      std::vector<std::string> out;
      if (!rows_.empty()) out.push_back(name_ + std::to_string(++sequence_) + "|" + rows_);
      rows_.clear();
      return out;
    }

   private:
    std::string name_;
    std::string rows_;
    int sequence_ = 0;
  };

  class CommitterImpl final : public connector::Committer {
   public:
    explicit CommitterImpl(Committed* target) : target_(target) {}
    Status Commit(const std::vector<std::string>& committables) override {
      const std::lock_guard lock(target_->mutex);
      for (const std::string& committable : committables) {
        const size_t bar = committable.find('|');
        if (!target_->committables.insert(committable.substr(0, bar)).second) continue;
        const char* data = committable.data() + bar + 1;
        for (size_t at = bar + 1; at < committable.size(); at += 16, data += 16) {
          int64_t pair[2];
          std::memcpy(pair, data, sizeof(pair));
          target_->rows.emplace_back(pair[0], pair[1]);
        }
      }
      return Status::OK();
    }
    Status Finish() override {
      const std::lock_guard lock(target_->mutex);
      ++target_->finished;
      return Status::OK();
    }

   private:
    Committed* const target_;
  };

  Committed* const target_;
};

}  // namespace castor::runtime::test
