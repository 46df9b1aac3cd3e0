// A function that keeps a map beside its part of the record, e.g. MIN with retraction.
//
// For each batch or merge: Acquire or AcquireMerge (may be pending, changes nothing), Apply or
// ApplyMerge (may be pending in the midst, to be repeated with the same arguments), Finish.
// Single-threaded.
#pragma once

#include <span>
#include <string>

#include "aggregate/entry_map.h"
#include "aggregate/function.h"

namespace castor::aggregate {

class MapFunction : public Function {
 public:
  MapFunction* AsMapFunction() final { return this; }

  // The map is in memory, with a part of the record.
  virtual void KeepInMemory(LayoutBuilder* layout) = 0;
  virtual Status OpenInState(state::KeyedStateStore& store, const std::string& name,
                             int64_t ttl_ms) = 0;

  virtual Result<state::Readiness> Acquire(std::span<const ColumnPtr> arguments,
                                           const CallRows& rows, const RowUpdates& updates) = 0;
  // `values`, unless nullptr, gets 2 * rows.count results: before and after each row.
  virtual Result<state::Readiness> Apply(const CallRows& rows, const RowUpdates& updates,
                                         ColumnPtr* values) = 0;

  // The accumulator column of records whose maps are in keyed state (`Accumulators`: in memory).
  virtual Result<state::Readiness> Serialize(const RowUpdates& updates, int32_t count,
                                             ColumnPtr* column) = 0;
  // `column`: that of `Accumulators` or `Serialize`, flat.
  virtual Result<state::Readiness> AcquireMerge(const Column& column, const CallRows& rows,
                                                const RowUpdates& updates) = 0;
  virtual Result<state::Readiness> ApplyMerge(const RowUpdates& updates) = 0;

  virtual void Finish(const RowUpdates& updates) = 0;
  virtual void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) = 0;
  virtual void ClearMemory() = 0;
};

// MIN and MAX over a changelog.
std::unique_ptr<Function> MakeRetractableExtreme(const FunctionSpec& spec, bool maximum);

}  // namespace castor::aggregate
