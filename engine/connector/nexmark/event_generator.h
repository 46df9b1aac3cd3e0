// Event numbers to batches of the Nexmark table (spec/nexmark.md).
//
// `person`, `auction` and `bid` are dictionary columns over rows of their own kind only: the rows
// that are NULL cost an index each. Channels, URLs, extras, names, cities and states refer to the
// shared FixedTexts. A generator keeps scratch memory: one per reader, single-threaded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "column/batch.h"
#include "connector/nexmark/draws.h"
#include "connector/nexmark/event_runs.h"
#include "connector/nexmark/fixed_texts.h"
#include "connector/nexmark/options.h"
#include "connector/nexmark/prices.h"

namespace castor::connector::nexmark {

// ROW<event_type, person, auction, bid> as section 1 defines it.
LogicalType EventType();

class EventGenerator {
 public:
  // `type` has the layout of EventType().
  EventGenerator(const Options& options, std::shared_ptr<const FixedTexts> texts, LogicalType type);

  static std::shared_ptr<const FixedTexts> MakeTexts(const Options& options);

  // All events of `epochs`, in that order.
  Batch Generate(std::span<const EpochRun> epochs);

 private:
  // The part of a batch that only depends on which offsets it holds.
  struct Layout {
    int64_t whole_epochs = -1;  // made for this many whole epochs; -1: for something else
    ColumnPtr event_types;
    BufferPtr indices[3];
  };

  void MakeLayout(std::span<const EpochRun> epochs, int32_t rows);
  ColumnPtr MakeRows(int kind) const;
  void FillPersons(Column* const* fields) const;
  void FillAuctions(Column* const* fields) const;
  void FillBids(Column* const* fields) const;

  const Options options_;
  const std::shared_ptr<const FixedTexts> texts_;
  const LogicalType type_;
  const Draws draws_;
  const Prices prices_;
  KindRuns runs_;
  Layout layout_;
};

}  // namespace castor::connector::nexmark
