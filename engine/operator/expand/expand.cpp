#include "operator/expand/expand.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "column/gather.h"
#include "expr/program.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

// The rows of project p of an input of n rows lie at p*n.. in the columns that are computed; those
// that come out have the projects of a row together, in the order of the plan.
class Expand final : public Operator {
 public:
  Expand(const plan::Expand& node, LogicalType input)
      : projects_(static_cast<int32_t>(node.projects.size())),
        fields_(node.output_type.fields().size()),
        input_(std::move(input)) {
    for (const auto& project : node.projects) {
      expressions_.insert(expressions_.end(), project.begin(), project.end());
    }
    for (size_t field = 0; field < fields_; ++field) {
      passed_on_.push_back(CommonReference(node, field));
    }
  }

  bool HandlesMarks() const override { return true; }

  Status Open(OperatorContext& context) override {
    context_ = &context;
    CASTOR_ASSIGN_OR_RETURN(
        program_, expr::Program::Compile(expressions_, {&context.configuration(), input_}));
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    PrepareIndices(batch.num_rows);
    Batch result;
    result.num_rows = batch.num_rows * projects_;
    if (batch.row_kinds) result.row_kinds = RepeatKinds(batch);
    for (const WatermarkMark& mark : batch.marks) {
      result.marks.push_back({mark.row * projects_, mark.watermark});
    }
    if (batch.num_rows > 0) {
      for (size_t field = 0; field < fields_; ++field) {
        CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, MakeField(field, batch));
        result.columns.push_back(std::move(column));
      }
    }
    out.Emit(std::move(result));
    return Progress::kDone;
  }

 private:
  // The input field that every project takes for `field`, or -1: grouping keys are NULL in some.
  static int32_t CommonReference(const plan::Expand& node, size_t field) {
    const plan::Expression& first = *node.projects[0][field];
    if (first.kind != plan::ExpressionKind::kInputRef) return -1;
    const bool common =
        std::all_of(node.projects.begin(), node.projects.end(), [&](const auto& project) {
          return project[field]->kind == first.kind && project[field]->index == first.index;
        });
    return common ? first.index : -1;
  }

  void PrepareIndices(int32_t rows) {
    if (rows == prepared_rows_) return;
    prepared_rows_ = rows;
    const auto total = static_cast<size_t>(rows) * static_cast<size_t>(projects_);
    repeated_.resize(total);
    interleaved_.resize(total);
    for (int32_t row = 0, at = 0; row < rows; ++row) {
      for (int32_t project = 0; project < projects_; ++project, ++at) {
        repeated_[static_cast<size_t>(at)] = row;
        interleaved_[static_cast<size_t>(at)] = project * rows + row;
      }
    }
  }

  BufferPtr RepeatKinds(const Batch& batch) const {
    BufferPtr kinds = Buffer::Allocate(repeated_.size());
    for (size_t i = 0; i < repeated_.size(); ++i) {
      kinds->data()[i] = batch.row_kinds->data()[repeated_[i]];
    }
    return kinds;
  }

  Result<ColumnPtr> MakeField(size_t field, const Batch& batch) {
    const auto count = static_cast<int32_t>(repeated_.size());
    if (passed_on_[field] >= 0) {
      return Gather(*batch.columns[static_cast<size_t>(passed_on_[field])], repeated_.data(),
                    count);
    }
    std::vector<ColumnPtr> parts;
    for (int32_t project = 0; project < projects_; ++project) {
      const int expression = project * static_cast<int>(fields_) + static_cast<int>(field);
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr part,
                              program_->Evaluate(expression, batch, {nullptr, batch.num_rows},
                                                 {context_->clock().NowMs()}));
      parts.push_back(std::move(part));
    }
    return Gather(*Concat(std::span<const ColumnPtr>(parts)), interleaved_.data(), count);
  }

  const int32_t projects_;
  const size_t fields_;
  const LogicalType input_;
  std::vector<plan::ExpressionPtr> expressions_;  // project by project
  std::vector<int32_t> passed_on_;                // per field, see CommonReference

  OperatorContext* context_ = nullptr;
  std::unique_ptr<expr::Program> program_;
  int32_t prepared_rows_ = -1;  // batches mostly have the same size
  std::vector<int32_t> repeated_;
  std::vector<int32_t> interleaved_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeExpand(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Expand&>(arguments.node);
  const size_t fields = node.output_type.fields().size();
  const bool fits = !node.projects.empty() &&
                    std::all_of(node.projects.begin(), node.projects.end(),
                                [fields](const auto& project) { return project.size() == fields; });
  if (!fits) return Status::InvalidArgument("projects that do not make the output's fields");
  return std::unique_ptr<Operator>(std::make_unique<Expand>(node, arguments.input_types[0]));
}

}  // namespace castor
