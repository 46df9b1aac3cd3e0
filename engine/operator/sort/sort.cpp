#include "operator/sort/sort.h"

#include <utility>

#include "operator/sort/bounded_sort.h"
#include "operator/sort/temporal_sort.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

// Passes everything on: rows that arrive are in the order of processing time.
class InOrderOfArrival final : public Operator {
 public:
  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext&) override { return Status::OK(); }
  Result<Progress> Process(int, Batch batch, Output& out) override {
    out.Emit(std::move(batch));
    return Progress::kDone;
  }
};

Result<SortKeyEncoder> EncoderOf(const LogicalType& input,
                                 const std::vector<plan::SortField>& order, size_t first) {
  std::vector<SortKeyField> fields;
  for (size_t i = first; i < order.size(); ++i) {
    fields.push_back({order[i].index, order[i].ascending, order[i].nulls_last});
  }
  return SortKeyEncoder::Make(input, std::move(fields));
}

}  // namespace

Result<std::unique_ptr<Operator>> MakeSort(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Sort&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  CASTOR_ASSIGN_OR_RETURN(SortKeyEncoder encoder, EncoderOf(input, node.order, 0));
  return std::unique_ptr<Operator>(std::make_unique<BoundedSort>(input, std::move(encoder)));
}

Result<std::unique_ptr<Operator>> MakeTemporalSort(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Sort&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  if (node.order.empty() || !node.order[0].ascending) {
    return Status::Unsupported("a stream is sorted by ascending time first");
  }
  const int32_t time_field = node.order[0].index;
  const TimeAttribute time = input.fields()[static_cast<size_t>(time_field)].type.time_attribute();
  if (time == TimeAttribute::kNone) {
    return Status::Unsupported("a stream is sorted by a time attribute first");
  }
  if (time == TimeAttribute::kProctime) {
    if (node.order.size() == 1) return std::unique_ptr<Operator>(new InOrderOfArrival());
    CASTOR_ASSIGN_OR_RETURN(SortKeyEncoder encoder, EncoderOf(input, node.order, 1));
    return std::unique_ptr<Operator>(
        std::make_unique<TemporalSort>(input, TemporalSort::kArrival, std::move(encoder)));
  }
  CASTOR_ASSIGN_OR_RETURN(SortKeyEncoder encoder, EncoderOf(input, node.order, 0));
  return std::unique_ptr<Operator>(
      std::make_unique<TemporalSort>(input, time_field, std::move(encoder)));
}

}  // namespace castor
