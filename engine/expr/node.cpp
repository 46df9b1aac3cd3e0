#include "expr/node.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "column/gather.h"

namespace castor::expr {

const Rows& Frame::Begin(const Batch& batch, const Selection& selection,
                         const EvalContext& context) {
  batch_ = &batch;
  context_ = &context;
  used_rows_ = 0;
  used_vectors_ = 0;
  if (rows_.empty()) rows_.push_back(std::make_unique<Rows>());
  Rows& root = *rows_[used_rows_++];
  root = Rows{};
  root.count = selection.count;
  root.batch_rows = selection.rows;
  return root;
}

void Frame::End() {
  for (auto& slot : slots_) slot.clear();
  batch_ = nullptr;
  context_ = nullptr;
}

std::vector<int32_t>& Frame::NewPositions() {
  if (used_vectors_ == vectors_.size()) {
    vectors_.push_back(std::make_unique<std::vector<int32_t>>());
  }
  std::vector<int32_t>& positions = *vectors_[used_vectors_++];
  positions.clear();
  return positions;
}

const Rows& Frame::Subset(const Rows& parent, const std::vector<int32_t>& positions) {
  if (static_cast<int32_t>(positions.size()) == parent.count) return parent;
  if (used_rows_ == rows_.size()) rows_.push_back(std::make_unique<Rows>());
  Rows& rows = *rows_[used_rows_++];
  rows.count = static_cast<int32_t>(positions.size());
  rows.parent = &parent;
  rows.in_parent = positions.data();
  if (parent.batch_rows == nullptr) {
    rows.batch_rows = positions.data();
    return rows;
  }
  std::vector<int32_t>& batch_rows = NewPositions();
  batch_rows.resize(positions.size());
  for (size_t i = 0; i < positions.size(); ++i) {
    batch_rows[i] = parent.batch_rows[positions[i]];
  }
  rows.batch_rows = batch_rows.data();
  return rows;
}

namespace {

// From positions in a set to those in the set it was made from.
void StepUp(const Rows& set, std::vector<int32_t>* positions) {
  for (int32_t& position : *positions) position = set.in_parent[position];
}

void AllPositions(const Rows& rows, std::vector<int32_t>* positions) {
  positions->resize(static_cast<size_t>(rows.count));
  std::iota(positions->begin(), positions->end(), 0);
}

// Replaces positions among `count` by their places in `set`; false if one is not there.
bool FindEach(const std::vector<int32_t>& set, int32_t count, std::vector<int32_t>* positions) {
  std::vector<int32_t> places(static_cast<size_t>(count), -1);
  for (size_t i = 0; i < set.size(); ++i) {
    places[static_cast<size_t>(set[i])] = static_cast<int32_t>(i);
  }
  int32_t missing = 0;
  for (int32_t& position : *positions) {
    position = places[static_cast<size_t>(position)];
    missing |= position;
  }
  return missing >= 0;
}

}  // namespace

bool Frame::FindWithin(const Rows& rows, const Rows& set, std::vector<int32_t>* positions) {
  if (set.count < rows.count || rows.parent == nullptr) return false;
  AllPositions(rows, positions);
  const Rows* root = &rows;
  for (; root->parent != nullptr; root = root->parent) {
    StepUp(*root, positions);
    if (root->parent == &set) return true;
  }
  // Not made from `set`: both are compared in the root.
  std::vector<int32_t> in_root;
  AllPositions(set, &in_root);
  for (const Rows* at = &set; at->parent != nullptr; at = at->parent) StepUp(*at, &in_root);
  return FindEach(in_root, root->count, positions);
}

Result<ColumnPtr> Node::Eval(Frame& frame, const Rows& rows) {
  if (slot_ < 0) return Compute(frame, rows);
  if (ColumnPtr kept = Find(frame, rows)) return kept;
  CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, Compute(frame, rows));
  Keep(frame, rows, column);
  return column;
}

Result<ColumnPtr> Node::EvalFlat(Frame& frame, const Rows& rows) {
  CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, Eval(frame, rows));
  if (column->encoding() != Encoding::kDictionary) return column;
  ColumnPtr flat = Flatten(column);
  if (slot_ >= 0) Keep(frame, rows, flat);
  return flat;
}

bool Node::IsConstant() const {
  return !operands_.empty() &&
         std::ranges::all_of(operands_, [](const Node* node) { return node->IsConstant(); });
}

bool Node::CanFail() const {
  return std::ranges::any_of(operands_, [](const Node* node) { return node->CanFail(); });
}

bool Node::IsCostly() const {
  return std::ranges::any_of(operands_, [](const Node* node) { return node->IsCostly(); });
}

bool Node::OperandsAreCheap() const {
  return std::ranges::all_of(operands_, [](const Node* node) { return node->IsCheap(); });
}

Status Node::Select(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) {
  CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, EvalFlat(frame, rows));
  SelectTrue(*column, positions);
  return Status::OK();
}

ColumnPtr Node::Find(Frame& frame, const Rows& rows) const {
  auto& kept = frame.slots_[static_cast<size_t>(slot_)];
  for (const Frame::Slot& slot : kept) {
    if (slot.rows == &rows) return slot.column;
  }
  // The latest is the most likely to be the set that `rows` was made from.
  std::vector<int32_t> positions;
  for (size_t i = kept.size(); i-- > 0;) {
    if (!Frame::FindWithin(rows, *kept[i].rows, &positions)) continue;
    ColumnPtr picked = Pick(kept[i].column, positions.data(), rows.count);
    kept.push_back({&rows, picked});
    return picked;
  }
  return nullptr;
}

void Node::Keep(Frame& frame, const Rows& rows, const ColumnPtr& column) const {
  auto& kept = frame.slots_[static_cast<size_t>(slot_)];
  for (Frame::Slot& slot : kept) {
    if (slot.rows != &rows) continue;
    slot.column = column;
    return;
  }
  kept.push_back({&rows, column});
}

namespace {

bool IsRun(const int32_t* indices, int32_t count) {
  const int32_t first = indices[0];
  int32_t breaks = 0;
  for (int32_t i = 0; i < count; ++i) breaks |= indices[i] ^ (first + i);
  return breaks == 0;
}

ColumnPtr PickRow(const ColumnPtr& column, const int32_t* positions, int32_t count) {
  BufferPtr indices = Buffer::Allocate(static_cast<size_t>(count) * sizeof(int32_t));
  int32_t* target = indices->as<int32_t>();
  const bool dictionary = column->encoding() == Encoding::kDictionary;
  const ColumnPtr& base = dictionary ? column->base() : column;
  if (dictionary) {
    const int32_t* source = column->indices();
    for (int32_t i = 0; i < count; ++i) target[i] = source[positions[i]];
  } else {
    std::memcpy(target, positions, static_cast<size_t>(count) * sizeof(int32_t));
  }
  if (count > 0 && target[0] >= 0 && IsRun(target, count)) {
    if (target[0] == 0 && count == base->size()) return base;
    return Slice(base, target[0], count);
  }
  return Column::MakeDictionary(base, std::move(indices), count);
}

}  // namespace

ColumnPtr Pick(const ColumnPtr& column, const int32_t* positions, int32_t count) {
  if (column->physical() != PhysicalType::kRow || column->is_constant()) {
    return Gather(*column, positions, count);
  }
  return PickRow(column, positions, count);
}

void SelectTrue(const Column& column, std::vector<int32_t>* positions) {
  const int32_t count = column.size();
  const auto* values = column.values<uint8_t>();
  const uint8_t* validity = column.validity();
  const size_t start = positions->size();
  if (column.is_constant()) {
    if (count == 0 || values[0] == 0 || (validity && !bitmap::Get(validity, 0))) return;
    positions->resize(start + static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) (*positions)[start + static_cast<size_t>(i)] = i;
    return;
  }
  // Written branch-free: every row stores its position, only TRUE rows keep it.
  positions->resize(start + static_cast<size_t>(count));
  int32_t* next = positions->data() + start;
  if (validity == nullptr) {
    for (int32_t i = 0; i < count; ++i) {
      *next = i;
      next += values[i];
    }
  } else {
    for (int32_t i = 0; i < count; ++i) {
      *next = i;
      next += values[i] & static_cast<uint8_t>(bitmap::Get(validity, i));
    }
  }
  positions->resize(static_cast<size_t>(next - positions->data()));
}

}  // namespace castor::expr
