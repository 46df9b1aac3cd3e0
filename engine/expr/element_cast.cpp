#include "expr/element_cast.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

using Parts = std::vector<std::unique_ptr<ElementCast>>;

// A pair of types that a node of its own casts; among them nested types to text.
class LeafCast final : public ElementCast {
 public:
  static Result<std::unique_ptr<ElementCast>> Make(const Settings& settings,
                                                   const LogicalType& from, const LogicalType& to,
                                                   bool try_cast) {
    Builder builder(settings);
    Node* input = builder.Make<InputNode>(from.WithNullable(true), 0);
    CASTOR_ASSIGN_OR_RETURN(Node * strict, builder.Cast(input, to.WithNullable(true)));
    Node* cast = strict;
    if (try_cast) {
      CASTOR_ASSIGN_OR_RETURN(cast, builder.Cast(input, to.WithNullable(true), true));
    }
    const bool marks = try_cast && (strict->CanFail() || settings.legacy_cast) && from.IsString();
    const int32_t slots = builder.slots();
    return std::unique_ptr<ElementCast>(
        std::make_unique<LeafCast>(builder.TakeNodes(), cast, slots, to, marks));
  }

  LeafCast(std::vector<std::unique_ptr<Node>> nodes, Node* cast, int32_t slots, LogicalType to,
           bool marks)
      : nodes_(std::move(nodes)),
        cast_(cast),
        frame_(slots),
        to_(std::move(to)),
        marks_failures_(marks) {}

  Result<ColumnPtr> Run(const ColumnPtr& column, const EvalContext& context,
                        uint8_t* failed) override {
    const Batch batch(column->size(), {column});
    const Rows& rows = frame_.Begin(batch, {nullptr, batch.num_rows}, context);
    Result<ColumnPtr> cast = cast_->EvalFlat(frame_, rows);
    frame_.End();
    if (!cast.ok()) return cast;
    const ColumnPtr flat = Flatten(*cast);
    if (marks_failures_ && flat->validity() != nullptr) {
      for (int32_t i = 0; i < flat->size(); ++i) failed[i] |= flat->IsNull(i) && !column->IsNull(i);
    }
    return flat->WithType(to_);
  }

 private:
  const std::vector<std::unique_ptr<Node>> nodes_;
  Node* const cast_;
  Frame frame_;
  const LogicalType to_;
  const bool marks_failures_;
};

class RowCast final : public ElementCast {
 public:
  RowCast(LogicalType to, Parts fields) : to_(std::move(to)), fields_(std::move(fields)) {}

  Result<ColumnPtr> Run(const ColumnPtr& column, const EvalContext& context,
                        uint8_t* failed) override {
    std::vector<ColumnPtr> children;
    for (size_t i = 0; i < fields_.size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr child,
                              fields_[i]->Run(FlatField(*column, i), context, failed));
      children.push_back(std::move(child));
    }
    return ColumnPtr(Column::MakeRow(to_, column->size(), column->validity_buffer(), children));
  }

 private:
  const LogicalType to_;
  const Parts fields_;
};

class ListCast final : public ElementCast {
 public:
  ListCast(LogicalType to, Parts parts) : to_(std::move(to)), parts_(std::move(parts)) {}

  Result<ColumnPtr> Run(const ColumnPtr& column, const EvalContext& context,
                        uint8_t* failed) override {
    const ColumnPtr lists = CompactLists(column);
    const auto elements = static_cast<size_t>(lists->children()[0]->size());
    failed_.assign(failed != nullptr ? elements : 0, 0);
    std::vector<ColumnPtr> children;
    for (size_t i = 0; i < parts_.size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr child,
                              parts_[i]->Run(lists->children()[i], context, failed_.data()));
      children.push_back(std::move(child));
    }
    if (failed != nullptr) MarkLists(*lists, failed);
    return ColumnPtr(Column::MakeList(to_, lists->size(), lists->values_buffer(),
                                      lists->validity_buffer(), std::move(children)));
  }

 private:
  void MarkLists(const Column& lists, uint8_t* failed) const {
    const auto* refs = lists.values<ListRef>();
    for (int32_t i = 0; i < lists.size(); ++i) {
      for (int32_t row = refs[i].offset; row < refs[i].end(); ++row) {
        failed[i] |= failed_[static_cast<size_t>(row)];
      }
    }
  }

  const LogicalType to_;
  const Parts parts_;
  std::vector<uint8_t> failed_;  // by element
};

bool IsListPair(const LogicalType& from, const LogicalType& to) {
  return from.physical() == PhysicalType::kList && from.kind() == to.kind();
}

}  // namespace

Result<std::unique_ptr<ElementCast>> ElementCast::Make(const Settings& settings,
                                                       const LogicalType& from,
                                                       const LogicalType& to, bool try_cast) {
  const bool rows = from.physical() == PhysicalType::kRow && to.physical() == PhysicalType::kRow;
  if (!rows && !IsListPair(from, to)) return LeafCast::Make(settings, from, to, try_cast);
  const std::vector<LogicalType> sources = from.ChildTypes();
  const std::vector<LogicalType> targets = to.ChildTypes();
  if (sources.size() < targets.size()) {
    return Status::Unsupported("a cast from " + from.ToString() + " to " + to.ToString() +
                               " is not supported");
  }
  Parts parts;
  for (size_t i = 0; i < targets.size(); ++i) {
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<ElementCast> part,
                            Make(settings, sources[i], targets[i], try_cast));
    parts.push_back(std::move(part));
  }
  if (rows) return std::unique_ptr<ElementCast>(std::make_unique<RowCast>(to, std::move(parts)));
  return std::unique_ptr<ElementCast>(std::make_unique<ListCast>(to, std::move(parts)));
}

ColumnPtr FlatField(const Column& row, size_t index) {
  const ColumnPtr child = Flatten(row.children()[index]);
  if (row.validity() == nullptr) return child;
  auto masked = std::make_shared<Column>(*child);
  masked->set_validity(CombinedValidity(*child, row, row.size()));
  return masked;
}

}  // namespace castor::expr
