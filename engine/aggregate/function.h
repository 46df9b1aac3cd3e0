// One aggregate function over its part of a record: what an AggregateSet is made of.
//
// Every method runs over a whole batch. Functions are made by MakeFunction, told their offsets by a
// LayoutBuilder, and bound to a blob writer when they have blobs. Arguments arrive flat; rows that
// a filter, a NULL or DISTINCT takes out have the op kNone. Single-threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aggregate/aggregator.h"
#include "aggregate/record_layout.h"

namespace castor::aggregate {

// The rows of one call.
struct CallRows {
  int32_t count = 0;
  std::byte* const* records = nullptr;
  const RowOp* ops = nullptr;  // nullptr: kAdd for all
};

class RowFunction;
class MapFunction;

class Function {
 public:
  virtual ~Function() = default;

  // Every function is one of the two.
  virtual RowFunction* AsRowFunction() { return nullptr; }
  virtual MapFunction* AsMapFunction() { return nullptr; }

  virtual const LogicalType& value_type() const = 0;
  virtual std::vector<LogicalType> accumulator_types() const = 0;
  // Of the accumulator, for the state's schema: e.g. "SUM(BIGINT)".
  virtual std::string schema() const = 0;
  // Whether rows whose argument is NULL count (they never do in most functions).
  virtual bool takes_nulls() const { return false; }
  virtual void Declare(LayoutBuilder* layout) = 0;
  // Where COUNT keeps its count; -1 in other functions.
  virtual int32_t count_offset() const { return -1; }
  virtual void BindBlobs(BlobWriter writer) { (void)writer; }

  virtual ColumnPtr Values(const std::byte* const* records, int32_t count) const = 0;
  virtual void Accumulators(const std::byte* const* records, int32_t count,
                            std::vector<ColumnPtr>* columns) = 0;
  virtual Status Reset(std::byte* const* records, int32_t count) = 0;
};

// A function whose accumulator is all in the record.
class RowFunction : public Function {
 public:
  RowFunction* AsRowFunction() final { return this; }

  // `arguments`: flat columns, none for COUNT(*).
  virtual Status Accumulate(std::span<const ColumnPtr> arguments, const CallRows& rows) = 0;
  // The same, giving 2 * rows.count results: before and after each row.
  virtual Result<ColumnPtr> AccumulateEach(std::span<const ColumnPtr> arguments,
                                           const CallRows& rows) = 0;
  // `columns`: as many as `accumulator_types`, flat; ops are kAdd or kNone.
  virtual Status Merge(std::span<const ColumnPtr> columns, const CallRows& rows) = 0;
  virtual Status MergeRecords(std::byte* const* into, const std::byte* const* from,
                              int32_t count) = 0;
};

// What a function is made from: its call, its argument types and whether it takes rows back.
struct FunctionSpec {
  const plan::AggregateCall& call;
  std::vector<LogicalType> argument_types;
  bool retracts = false;
};

// Refuses functions and argument types by name (kUnsupported).
Result<std::unique_ptr<Function>> MakeFunction(const FunctionSpec& spec);

// The families; each returns nullptr for an argument type that Flink has no such function for.
std::unique_ptr<Function> MakeCount(const FunctionSpec& spec);
std::unique_ptr<Function> MakeSum(const FunctionSpec& spec);
std::unique_ptr<Function> MakeSumOrZero(const FunctionSpec& spec);
std::unique_ptr<Function> MakeAverage(const FunctionSpec& spec);
std::unique_ptr<Function> MakeExtreme(const FunctionSpec& spec, bool maximum);
std::unique_ptr<Function> MakeFirstValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeLastValue(const FunctionSpec& spec);
// The same for ROW, ARRAY, MAP and MULTISET.
std::unique_ptr<Function> MakeNestedFirstValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeNestedLastValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeSingleValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeListAgg(const FunctionSpec& spec);
std::unique_ptr<Function> MakeWelfordM2(const FunctionSpec& spec);
std::unique_ptr<Function> MakeLag(const FunctionSpec& spec);
std::unique_ptr<Function> MakeCollect(const FunctionSpec& spec);
std::unique_ptr<Function> MakePercentile(const FunctionSpec& spec);
std::unique_ptr<Function> MakeJsonObjectAgg(const FunctionSpec& spec, bool skips_nulls);
// By its name: one of BITMAP_{BUILD,AND,OR,XOR}_[CARDINALITY_]AGG.
std::unique_ptr<Function> MakeBitmapAgg(const FunctionSpec& spec);

// Over the list of their values.
std::unique_ptr<Function> MakeRetractableFirstValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeRetractableLastValue(const FunctionSpec& spec);
std::unique_ptr<Function> MakeRetractableListAgg(const FunctionSpec& spec);
std::unique_ptr<Function> MakeArrayAgg(const FunctionSpec& spec);
std::unique_ptr<Function> MakeJsonArrayAgg(const FunctionSpec& spec, bool skips_nulls);

}  // namespace castor::aggregate
