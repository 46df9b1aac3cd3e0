#include "operator/join/join_side.h"

#include <algorithm>

namespace castor::join {
namespace {

// The record beside each stored row. `row` holds the bytes where the user key is not the row
// itself.
struct StoredRecord {
  int32_t times;
  int32_t associations;
  int64_t unused;
};
struct KeyedRecord {
  StoredRecord head;
  state::Blob row;
};
static_assert(sizeof(StoredRecord) == 16 && sizeof(KeyedRecord) == 32);

std::vector<LogicalType> FieldTypes(const LogicalType& row) {
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : row.fields()) types.push_back(field.type);
  return types;
}

bool ContainsAll(const std::vector<int32_t>& set, const std::vector<int32_t>& subset) {
  return std::all_of(subset.begin(), subset.end(), [&set](int32_t field) {
    return std::find(set.begin(), set.end(), field) != set.end();
  });
}

// The unique key to store rows by: none of its fields when the join key contains one, else the
// smallest.
const std::vector<int32_t>* ChooseUniqueKey(const JoinSideSpec& spec) {
  static const std::vector<int32_t> kContained;
  const std::vector<int32_t>* smallest = nullptr;
  for (const std::vector<int32_t>& key : spec.unique_keys) {
    if (ContainsAll(spec.keys, key)) return &kContained;
    if (smallest == nullptr || key.size() < smallest->size()) smallest = &key;
  }
  return smallest;
}

StoredRecord* HeadOf(std::byte* record) { return reinterpret_cast<StoredRecord*>(record); }

}  // namespace

JoinSide::JoinSide(JoinSideSpec spec)
    : spec_(std::move(spec)),
      codec_(FieldTypes(spec_.row)),
      keys_(spec_.row, spec_.keys, spec_.filter_nulls) {
  const std::vector<int32_t>* unique_key = ChooseUniqueKey(spec_);
  if (unique_key != nullptr) {
    form_ = Form::kByUniqueKey;
    unique_key_ = *unique_key;
    unique_key_encoder_ = std::make_unique<state::KeyEncoder>(spec_.row, unique_key_);
  } else {
    form_ = spec_.insert_only ? Form::kAppended : Form::kByRow;
  }
}

state::StateDescriptor JoinSide::Describe() const {
  state::StateDescriptor descriptor;
  descriptor.name = spec_.state_name;
  descriptor.ttl_ms = spec_.ttl_ms;
  descriptor.schema = "rows " + spec_.row.ToString();
  switch (form_) {
    case Form::kAppended:
      descriptor.schema += " appended";
      descriptor.layout.fixed_size = spec_.counts_associations ? sizeof(StoredRecord) : 0;
      break;
    case Form::kByRow:
      descriptor.schema += " counted";
      descriptor.layout.fixed_size = sizeof(StoredRecord);
      break;
    case Form::kByUniqueKey:
      descriptor.schema += " by unique key (";
      for (const int32_t field : unique_key_) descriptor.schema += std::to_string(field) + ",";
      descriptor.schema += ")";
      descriptor.layout = {sizeof(KeyedRecord), {offsetof(KeyedRecord, row)}};
      break;
  }
  return descriptor;
}

Status JoinSide::Open(state::KeyedStateStore& store) {
  if (form_ == Form::kAppended) {
    CASTOR_ASSIGN_OR_RETURN(list_, store.OpenList(Describe()));
    entries_ = list_;
  } else {
    CASTOR_ASSIGN_OR_RETURN(map_, store.OpenMap(Describe()));
    entries_ = map_;
  }
  return Status::OK();
}

void JoinSide::EncodeIdentities(const Batch& batch, EncodedRows* identities) const {
  if (!has_unique_key()) {
    codec_.Encode(batch.columns, batch.num_rows, identities);
    return;
  }
  state::KeyBatch keys;
  unique_key_encoder_->Encode(batch, &keys);
  *identities = std::move(keys.rows);
}

Result<state::Readiness> JoinSide::Walk(uint64_t handle, uint64_t* cursor, size_t max_rows,
                                        std::vector<StoredRow>* found) {
  page_.clear();
  const auto mode = spec_.counts_associations ? state::AccessMode::kFind : state::AccessMode::kRead;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          entries_->Entries(handle, mode, cursor, max_rows, &page_));
  for (const state::Record& entry : page_) {
    StoredRecord* head =
        form_ == Form::kAppended && !spec_.counts_associations ? nullptr : HeadOf(entry.data);
    const char* bytes = form_ == Form::kByUniqueKey
                            ? reinterpret_cast<const KeyedRecord*>(entry.data)->row.view().data()
                            : entry.key.data();
    found->push_back({bytes, spec_.counts_associations ? &head->associations : nullptr,
                      form_ == Form::kByRow ? head->times : 1});
  }
  return readiness;
}

Result<state::Readiness> JoinSide::Update(const Batch& batch, const state::KeyBatch& keys,
                                          std::span<const int32_t> rows,
                                          std::span<const int32_t> associations) {
  if (rows.empty()) return state::Readiness::kReady;
  codec_.Encode(batch.columns, batch.num_rows, &encoded_);
  if (form_ != Form::kAppended) return Apply(batch, keys, rows, associations);
  CASTOR_RETURN_NOT_OK(Append(keys, rows, associations));
  return state::Readiness::kReady;
}

Status JoinSide::Append(const state::KeyBatch& keys, std::span<const int32_t> rows,
                        std::span<const int32_t> associations) {
  values_.clear();
  for (const int32_t row : rows) values_.push_back(encoded_.row(row));
  records_.resize(rows.size());
  CASTOR_RETURN_NOT_OK(list_->Append(keys, rows, values_, records_.data()));
  if (!spec_.counts_associations) return Status::OK();
  for (size_t j = 0; j < rows.size(); ++j) {
    HeadOf(records_[j])->associations = associations[static_cast<size_t>(rows[j])];
  }
  return Status::OK();
}

// All records of the batch are acquired at once; rows then act on them in order, and records that
// end up empty are erased. A retraction of a row that is not there is ignored, as in Flink.
Result<state::Readiness> JoinSide::Apply(const Batch& batch, const state::KeyBatch& keys,
                                         std::span<const int32_t> rows,
                                         std::span<const int32_t> associations) {
  if (form_ == Form::kByUniqueKey) unique_key_encoder_->Encode(batch, &unique_keys_);
  values_.clear();
  for (const int32_t row : rows) {
    values_.push_back(form_ == Form::kByUniqueKey ? unique_keys_.key(row) : encoded_.row(row));
  }
  records_.resize(rows.size());
  // By a unique key a record is put whole, or erased.
  const auto mode = form_ == Form::kByUniqueKey ? state::AccessMode::kOverwrite
                                                : state::AccessMode::kFindOrCreate;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          map_->Acquire(keys, rows, values_, mode, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return readiness;
  for (size_t j = 0; j < rows.size(); ++j) {
    StoredRecord* head = HeadOf(records_[j]);
    if (!IsAccumulate(batch.kind(rows[j]))) {
      head->times = form_ == Form::kByUniqueKey ? 0 : std::max(head->times - 1, 0);
      continue;
    }
    head->times = form_ == Form::kByUniqueKey ? 1 : head->times + 1;
    head->associations = associations[static_cast<size_t>(rows[j])];
    if (form_ == Form::kByUniqueKey) {
      auto* record = reinterpret_cast<KeyedRecord*>(records_[j]);
      CASTOR_RETURN_NOT_OK(map_->SetBlob(&record->row, encoded_.row(rows[j])));
    }
  }
  EraseGone(keys, rows);
  return readiness;
}

// Releases the records that are acquired, of `rows`.
void JoinSide::EraseGone(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  gone_rows_.clear();
  gone_keys_.clear();
  for (size_t j = 0; j < rows.size(); ++j) {
    if (HeadOf(records_[j])->times > 0) continue;
    gone_rows_.push_back(rows[j]);
    gone_keys_.push_back(values_[j]);
  }
  map_->Release();
  if (!gone_rows_.empty()) map_->Erase(keys, gone_rows_, gone_keys_);
}

}  // namespace castor::join
