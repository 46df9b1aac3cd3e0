// The parts of a compiled program: nodes that compute columns, and the frame one evaluation runs
// in.
//
// A node computes its value for a set of rows at a time, dense: value i belongs to row i of the
// set. Sets form a tree: the selection of the call is the root, and whoever needs an operand for
// some rows only (AND, CASE, COALESCE ...) makes a subset. A row is evaluated by a node if and only
// if Flink's generated code would evaluate it there, so an error on an evaluated row is an error of
// the job.
//
// Nodes with several readers keep their value for the time of one call; a reader that asks for a
// subset of rows already computed gets them picked out instead of computed again. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "column/batch.h"
#include "expr/program.h"

namespace castor::expr {

// A set of rows, owned by the frame that made it. Equal sets have equal addresses only if one was
// made from the other; caches rely on nothing more.
struct Rows {
  int32_t count = 0;
  const int32_t* batch_rows = nullptr;  // ascending rows of the batch; nullptr: 0 .. count-1
  const Rows* parent = nullptr;
  const int32_t* in_parent = nullptr;  // positions in `parent`
};

class Node;

class Frame {
 public:
  explicit Frame(int32_t slots) : slots_(static_cast<size_t>(slots)) {}

  // Starts an evaluation; everything from the previous one is forgotten, its memory kept.
  const Rows& Begin(const Batch& batch, const Selection& selection, const EvalContext& context);
  void End();

  const Batch& batch() const { return *batch_; }
  const EvalContext& context() const { return *context_; }

  // A vector for positions, reused by later calls; valid until End.
  std::vector<int32_t>& NewPositions();
  // The rows of `parent` at `positions` (ascending; must live until End). `parent` itself if that
  // is all.
  const Rows& Subset(const Rows& parent, const std::vector<int32_t>& positions);
  // Where in `set` the rows of `rows` stand, if all of them do; else false.
  static bool FindWithin(const Rows& rows, const Rows& set, std::vector<int32_t>* positions);

 private:
  friend class Node;
  struct Slot {
    const Rows* rows = nullptr;
    ColumnPtr column;
  };

  const Batch* batch_ = nullptr;
  const EvalContext* context_ = nullptr;
  std::vector<std::vector<Slot>> slots_;
  std::vector<std::unique_ptr<Rows>> rows_;
  std::vector<std::unique_ptr<std::vector<int32_t>>> vectors_;
  size_t used_rows_ = 0;
  size_t used_vectors_ = 0;
};

class Node {
 public:
  explicit Node(LogicalType type, std::vector<Node*> operands = {})
      : type_(std::move(type)), operands_(std::move(operands)) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const LogicalType& type() const { return type_; }

  // The values of `rows` in whatever encoding is at hand.
  Result<ColumnPtr> Eval(Frame& frame, const Rows& rows);
  // The same, flat or constant: what kernels read.
  Result<ColumnPtr> EvalFlat(Frame& frame, const Rows& rows);
  // Of BOOLEAN nodes: the positions within `rows` whose value is TRUE, ascending, appended.
  virtual Status Select(Frame& frame, const Rows& rows, std::vector<int32_t>* positions);

  // The same value whatever the row, batch and time: folded when compiled. Unless overridden, what
  // depends on constants only.
  virtual bool IsConstant() const;
  // Whether some value of the operands makes an error of a row. Unless overridden, whether one of
  // the operands can.
  virtual bool CanFail() const;
  // Computing a value that is not needed costs less than picking the rows that need it.
  virtual bool IsCheap() const { return false; }

  // Computing a value costs so much that conditions are better asked first. Unless overridden, what
  // reads such a node.
  virtual bool IsCostly() const;

  // Set by the compiler for nodes with several readers.
  void set_slot(int32_t slot) { slot_ = slot; }

 protected:
  const std::vector<Node*>& operands() const { return operands_; }
  Node& operand(size_t i) const { return *operands_[i]; }
  bool OperandsAreCheap() const;

  virtual Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) = 0;

 private:
  ColumnPtr Find(Frame& frame, const Rows& rows) const;
  void Keep(Frame& frame, const Rows& rows, const ColumnPtr& column) const;

  const LogicalType type_;
  const std::vector<Node*> operands_;
  int32_t slot_ = -1;
};

// The values of `column` at `positions`: scalars are gathered, rows become a dictionary (or a slice
// of the dictionary's base where the positions are a run, which keeps what follows flat).
ColumnPtr Pick(const ColumnPtr& column, const int32_t* positions, int32_t count);

// Appends the positions of the TRUE values of a flat or constant BOOLEAN column.
void SelectTrue(const Column& column, std::vector<int32_t>* positions);

}  // namespace castor::expr
