// One nullable value in a record, for functions that keep a value as it came (MIN, FIRST_VALUE
// ...): a fixed-width value beside its flag, or a blob.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "aggregate/aggregator.h"
#include "aggregate/op_function.h"
#include "aggregate/record_layout.h"
#include "column/string_ref.h"

namespace castor::aggregate {

template <typename T>
struct ValueSlot {
  int32_t value = 0;  // offsets
  int32_t valid = 0;

  void Declare(LayoutBuilder* layout) {
    layout->Add(sizeof(T), &value);
    layout->Add(1, &valid);
  }
  size_t End() const {
    return static_cast<size_t>(std::max(value + static_cast<int32_t>(sizeof(T)), valid + 1));
  }
  void BindBlobs(BlobWriter) {}
  Status TakeError() { return Status::OK(); }

  bool Has(const std::byte* record) const { return FieldAt<uint8_t>(record, valid) != 0; }
  T Get(const std::byte* record) const { return FieldAt<T>(record, value); }
  void Set(std::byte* record, const T& to) {
    FieldAt<T>(record, value) = to;
    FieldAt<uint8_t>(record, valid) = 1;
  }
  void Clear(std::byte* record) {
    FieldAt<T>(record, value) = T{};
    FieldAt<uint8_t>(record, valid) = 0;
  }
  // For a record in passing, which may borrow the bytes of `to`.
  void Lend(std::byte* record, bool has, const T& to) const {
    FieldAt<T>(record, value) = to;
    FieldAt<uint8_t>(record, valid) = has;
  }
};

template <>
struct ValueSlot<StringRef> {
  int32_t value = 0;
  int32_t valid = 0;
  BlobWriter writer;
  Status error;

  void Declare(LayoutBuilder* layout) {
    layout->AddBlob(&value);
    layout->Add(1, &valid);
  }
  size_t End() const {
    return static_cast<size_t>(
        std::max(value + static_cast<int32_t>(sizeof(state::Blob)), valid + 1));
  }
  void BindBlobs(BlobWriter bound) { writer = bound; }
  Status TakeError() { return std::exchange(error, Status::OK()); }

  bool Has(const std::byte* record) const { return FieldAt<uint8_t>(record, valid) != 0; }
  StringRef Get(const std::byte* record) const {
    return StringRef(FieldAt<state::Blob>(record, value).view());
  }
  void Set(std::byte* record, const StringRef& to) {
    Write(record, to.view());
    FieldAt<uint8_t>(record, valid) = 1;
  }
  void Clear(std::byte* record) {
    Write(record, {});
    FieldAt<uint8_t>(record, valid) = 0;
  }
  void Lend(std::byte* record, bool has, const StringRef& to) const {
    FieldAt<state::Blob>(record, value) = state::Blob::Lent(to.view());
    FieldAt<uint8_t>(record, valid) = has;
  }

 private:
  void Write(std::byte* record, std::string_view bytes) {
    Status set = writer.set(writer.owner, &FieldAt<state::Blob>(record, value), bytes);
    if (!set.ok()) error = std::move(set);
  }
};

// What Ops whose whole accumulator is one such value share.
template <typename T>
struct ValueOp : OpBase {
  using Input = T;
  using Output = T;
  using Parts = std::tuple<T>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) { slot.Declare(layout); }
  size_t End() const { return slot.End(); }
  void BindBlobs(BlobWriter writer) { slot.BindBlobs(writer); }
  Status TakeError() { return slot.TakeError(); }

  void Reset(std::byte* record) { slot.Clear(record); }
  bool Get(const std::byte* record, T* value) const {
    *value = slot.Get(record);
    return slot.Has(record);
  }
  template <size_t part>
  bool GetPart(const std::byte* record, T* value) const {
    return Get(record, value);
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid, const T& value) const {
    slot.Lend(record, valid, value);
  }

  ValueSlot<T> slot;
};

}  // namespace castor::aggregate
