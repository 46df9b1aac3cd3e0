// UNNEST of ARRAY, MAP and MULTISET, with and without ORDINALITY: Flink's UnnestRowsFunction and
// UnnestRowsWithOrdinalityFunction. A ROW in a collection is spread over columns, a MAP gives keys
// and values, an element of a MULTISET comes as often as it is there. A NULL in the place of a ROW
// gives nothing, as in Flink, but with its place a row of NULLs.
#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "operator/correlate/table_function.h"

namespace castor::correlate {
namespace {

// The children of a collection that results are made of.
enum class Shape : uint8_t { kArray, kMap, kMultiset };

class Unnest final : public TableFunction {
 public:
  Unnest(Shape shape, bool with_ordinality) : shape_(shape), with_ordinality_(with_ordinality) {}

  Status Begin(std::vector<ColumnPtr> arguments, int32_t rows,
               std::vector<int64_t>* counts) override {
    lists_ = Flatten(arguments[0]);
    const Column& first = *lists_->children()[0];
    const bool spreads = shape_ != Shape::kMap && first.physical() == PhysicalType::kRow;
    skipped_ = spreads && !with_ordinality_ ? first.validity() : nullptr;
    counts->assign(static_cast<size_t>(rows), 0);
    const auto* refs = lists_->values<ListRef>();
    const uint8_t* validity = lists_->validity();
    for (int32_t row = 0; row < rows; ++row) {
      if (validity != nullptr && !bitmap::Get(validity, row)) continue;
      (*counts)[static_cast<size_t>(row)] = CountOf(refs[row]);
    }
    return Status::OK();
  }

  std::vector<ColumnPtr> Take(std::span<const Piece> pieces) override {
    elements_.clear();
    ordinals_.clear();
    for (const Piece& piece : pieces) {
      ListElements(piece);
      if (!with_ordinality_) continue;
      for (int64_t i = 0; i < piece.count; ++i) {
        ordinals_.push_back(static_cast<int32_t>(piece.first + i + 1));
      }
    }
    std::vector<ColumnPtr> columns = TakeElements();
    if (with_ordinality_) columns.push_back(TakeOrdinals());
    return columns;
  }

 private:
  bool one_each() const { return shape_ != Shape::kMultiset && skipped_ == nullptr; }

  // How often an element comes.
  int32_t Multiplicity(int32_t element) const {
    if (skipped_ != nullptr && !bitmap::Get(skipped_, element)) return 0;
    if (shape_ != Shape::kMultiset) return 1;
    return std::max(lists_->children()[1]->values<int32_t>()[element], 0);
  }

  int64_t CountOf(ListRef list) const {
    if (one_each()) return list.size;
    int64_t count = 0;
    for (int32_t element = list.offset; element < list.end(); ++element) {
      count += Multiplicity(element);
    }
    return count;
  }

  void ListElements(const Piece& piece) {
    if (piece.count == 0) return;
    const ListRef list = lists_->values<ListRef>()[piece.row];
    if (!one_each()) {
      ListRepeated(list, piece.first, piece.count);
      return;
    }
    const auto first = list.offset + static_cast<int32_t>(piece.first);
    for (int32_t i = 0; i < piece.count; ++i) elements_.push_back(first + i);
  }

  void ListRepeated(ListRef list, int64_t skip, int64_t count) {
    for (int32_t element = list.offset; count > 0; ++element) {
      const int64_t all = Multiplicity(element);
      const int64_t taken = std::clamp<int64_t>(all - skip, 0, count);
      elements_.insert(elements_.end(), static_cast<size_t>(taken), element);
      skip = std::max<int64_t>(skip - all, 0);
      count -= taken;
    }
  }

  std::vector<ColumnPtr> TakeElements() {
    const Column& first = *lists_->children()[0];
    const auto count = static_cast<int32_t>(elements_.size());
    if (shape_ != Shape::kMap && first.physical() == PhysicalType::kRow) return TakeFields(first);
    std::vector<ColumnPtr> columns = {Gather(first, elements_.data(), count)};
    if (shape_ == Shape::kMap) {
      columns.push_back(Gather(*lists_->children()[1], elements_.data(), count));
    }
    return columns;
  }

  // A NULL among ROWs that are not skipped is a row of NULLs.
  std::vector<ColumnPtr> TakeFields(const Column& rows) {
    if (const uint8_t* validity = rows.validity()) {
      for (int32_t& element : elements_) element = bitmap::Get(validity, element) ? element : -1;
    }
    std::vector<ColumnPtr> columns;
    for (const ColumnPtr& field : rows.children()) {
      const auto count = static_cast<int32_t>(elements_.size());
      columns.push_back(Gather(*field, elements_.data(), count));
    }
    return columns;
  }

  ColumnPtr TakeOrdinals() const {
    const auto count = static_cast<int32_t>(ordinals_.size());
    MutableColumnPtr column = Column::MakeFlat(LogicalType::Integer(false), count);
    std::copy(ordinals_.begin(), ordinals_.end(), column->mutable_values<int32_t>());
    return column;
  }

  const Shape shape_;
  const bool with_ordinality_;
  ColumnPtr lists_;
  const uint8_t* skipped_ = nullptr;  // validity of ROWs of which NULLs give nothing
  std::vector<int32_t> elements_;     // rows of the lists' children
  std::vector<int32_t> ordinals_;
};

}  // namespace

Result<std::unique_ptr<TableFunction>> MakeUnnest(const plan::Expression& call,
                                                  bool with_ordinality) {
  const TypeKind kind = call.operands.size() == 1 ? call.operands[0]->type.kind() : TypeKind::kNull;
  Shape shape;
  if (kind == TypeKind::kArray) {
    shape = Shape::kArray;
  } else if (kind == TypeKind::kMap) {
    shape = Shape::kMap;
  } else if (kind == TypeKind::kMultiset) {
    shape = Shape::kMultiset;
  } else {
    return Status::Unsupported("the arguments of " + call.ToString() + " are not supported");
  }
  return std::unique_ptr<TableFunction>(std::make_unique<Unnest>(shape, with_ordinality));
}

}  // namespace castor::correlate
