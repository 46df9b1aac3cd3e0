// What a cut of the in-memory store holds: filled by the store, then written by whoever took it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "base/memory.h"
#include "state/snapshot.h"
#include "state/snapshot_format.h"

namespace castor::state {

// Shared by store and cut: by the owner's thread alone until `saved`, then by the writer's alone.
struct CutContents {
  explicit CutContents(int32_t max) : max_parallelism(max) {}
  ~CutContents() { MemoryAccount::Buffers().Release(charged); }
  CutContents(const CutContents&) = delete;
  CutContents& operator=(const CutContents&) = delete;

  void Charge() {
    int64_t bytes = 0;
    for (const StateSection& section : sections) bytes += section.ByteSize();
    MemoryAccount::Buffers().Charge(bytes - charged);
    charged = bytes;
  }

  const int32_t max_parallelism;
  std::deque<StateSection> sections;  // whose addresses hold
  bool saved = false;
  std::function<void()> when_saved;
  int64_t charged = 0;
};

class MemoryCut final : public StateCut {
 public:
  explicit MemoryCut(std::shared_ptr<CutContents> contents) : contents_(std::move(contents)) {}

  bool saved() const override { return contents_->saved; }
  void WhenSaved(std::function<void()> done) override { contents_->when_saved = std::move(done); }
  Status Write(const ByteSink& sink) override {
    if (!contents_->saved) return Status::Internal("a cut is written before it is saved");
    return WriteSnapshot(contents_->max_parallelism, contents_->sections, sink);
  }

 private:
  const std::shared_ptr<CutContents> contents_;
};

}  // namespace castor::state
