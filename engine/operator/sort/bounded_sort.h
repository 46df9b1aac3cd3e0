// Sorts all rows when the input has ended: Flink's StreamSortOperator.
//
// State: each distinct row with how often it is there, so that rows may be taken back. Rows with
// equal sort keys come in any order, as in Flink. Single-threaded; runs at parallelism 1.
#pragma once

#include <string>
#include <vector>

#include "column/sort_key.h"
#include "operator/api/operator.h"
#include "operator/rows/row_encoder.h"
#include "state/entry_walk.h"

namespace castor {

class BoundedSort final : public Operator {
 public:
  BoundedSort(const LogicalType& input, SortKeyEncoder sort_keys)
      : sort_key_encoder_(std::move(sort_keys)), row_encoder_(input, {}) {}

  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<Progress> EndInput(int input, Output& out) override;

 private:
  struct SortedRow {
    std::string_view sort_key;
    const char* row;
    int64_t count;
  };

  Result<Progress> Add();
  Status Count(std::vector<int32_t>* gone);
  // Collects the rows of the state.
  Result<state::Readiness> Collect();
  Result<Progress> EmitSorted(Output& out);

  const SortKeyEncoder sort_key_encoder_;
  RowEncoder row_encoder_;
  OperatorContext* context_ = nullptr;
  state::MapState* rows_ = nullptr;
  state::KeyBatch key_;

  Batch batch_;
  EncodedRows sort_keys_;
  std::vector<std::string> entries_;
  std::vector<std::string_view> entry_views_;
  std::vector<std::byte*> records_;

  bool collected_ = false;
  state::EntryWalk walk_;
  std::vector<SortedRow> sorted_;
  size_t next_ = 0;         // of `sorted_`
  int64_t repetition_ = 0;  // of that row, already emitted
};

}  // namespace castor
