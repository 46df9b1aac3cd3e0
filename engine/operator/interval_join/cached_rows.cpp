#include "operator/interval_join/cached_rows.h"

#include <cstring>
#include <utility>

namespace castor::interval_join {
namespace {

struct NameHead {
  TimestampMs time;
  int64_t sequence;
};
struct CachedRecord {
  int64_t matched;
  int64_t unused;
};
static_assert(sizeof(NameHead) == 16 && sizeof(CachedRecord) == 16);

std::vector<LogicalType> FieldTypes(const LogicalType& row) {
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : row.fields()) types.push_back(field.type);
  return types;
}

// Views of the pieces of `text` that end at `ends`.
void Split(const std::string& text, const std::vector<size_t>& ends,
           std::vector<std::string_view>* views) {
  views->clear();
  size_t begin = 0;
  for (const size_t end : ends) {
    views->push_back(std::string_view(text).substr(begin, end - begin));
    begin = end;
  }
}

}  // namespace

CachedRows::CachedRows(std::string state_name, LogicalType row)
    : state_name_(std::move(state_name)), row_(std::move(row)), codec_(FieldTypes(row_)) {}

Status CachedRows::Open(state::KeyedStateStore& store) {
  state::StateDescriptor descriptor;
  descriptor.name = state_name_;
  descriptor.layout.fixed_size = sizeof(CachedRecord);
  descriptor.schema = "rows by time " + row_.ToString();
  CASTOR_ASSIGN_OR_RETURN(state_, store.OpenMap(descriptor));
  return Status::OK();
}

Result<state::Readiness> CachedRows::Walk(uint64_t handle, state::AccessMode mode, uint64_t* cursor,
                                          size_t max_rows, std::vector<CachedRow>* found) {
  page_.clear();
  found->clear();
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          state_->Entries(handle, mode, cursor, max_rows, &page_));
  for (const state::Record& entry : page_) {
    NameHead head;
    std::memcpy(&head, entry.key.data(), sizeof(head));
    found->push_back({head.time, entry.key.data() + sizeof(head),
                      &reinterpret_cast<CachedRecord*>(entry.data)->matched, entry.key});
  }
  return readiness;
}

Result<state::Readiness> CachedRows::Append(const Batch& batch, const state::KeyBatch& keys,
                                            std::span<const int32_t> rows,
                                            std::span<const TimestampMs> times,
                                            std::span<const uint8_t> matched) {
  if (rows.empty()) return state::Readiness::kReady;
  codec_.Encode(batch.columns, batch.num_rows, &encoded_);
  std::vector<size_t> ends;
  names_.clear();
  int64_t sequence = sequence_;
  for (const int32_t row : rows) {
    const NameHead head{times[static_cast<size_t>(row)], ++sequence};
    names_.append(reinterpret_cast<const char*>(&head), sizeof(head));
    names_.append(encoded_.row(row));
    ends.push_back(names_.size());
  }
  Split(names_, ends, &views_);
  records_.resize(rows.size());
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      state_->Acquire(keys, rows, views_, state::AccessMode::kOverwrite, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return readiness;
  for (size_t i = 0; i < rows.size(); ++i) {
    reinterpret_cast<CachedRecord*>(records_[i])->matched = matched[static_cast<size_t>(rows[i])];
  }
  state_->Release();
  sequence_ = sequence;
  return readiness;
}

void CachedRows::Mark(int32_t key_row, std::string_view name) {
  marked_rows_.push_back(key_row);
  marked_names_.append(name);
  marked_ends_.push_back(marked_names_.size());
}

void CachedRows::RemoveMarked(const state::KeyBatch& keys) {
  if (marked_rows_.empty()) return;
  Split(marked_names_, marked_ends_, &views_);
  state_->Erase(keys, marked_rows_, views_);
  marked_rows_.clear();
  marked_names_.clear();
  marked_ends_.clear();
}

}  // namespace castor::interval_join
