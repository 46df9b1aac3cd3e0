#include "roaring/bitmap.h"

#include <roaring.h>

#include <cassert>
#include <charconv>

#include "roaring/portable_form.h"

namespace castor::roaring {
namespace {

namespace api = ::roaring::api;

template <typename Owner>
api::roaring_bitmap_t* Cast(const Owner& set) {
  return static_cast<api::roaring_bitmap_t*>(set.get());
}

void AppendNumber(uint32_t value, std::string* out) {
  char buffer[16];
  const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out->append(buffer, written.ptr);
}

void Serialize(const api::roaring_bitmap_t* set, std::string* out) {
  const size_t before = out->size();
  out->resize(before + api::roaring_bitmap_portable_size_in_bytes(set));
  api::roaring_bitmap_portable_serialize(set, out->data() + before);
}

}  // namespace

void Bitmap::Free::operator()(void* set) const {
  api::roaring_bitmap_free(static_cast<api::roaring_bitmap_t*>(set));
}

Bitmap::Bitmap() : set_(api::roaring_bitmap_create()) {}

std::optional<Bitmap> Bitmap::Read(std::string_view bytes) {
  Bitmap bitmap(api::roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  const bool good =
      bitmap.set_ != nullptr && api::roaring_bitmap_internal_validate(Cast(bitmap.set_), nullptr);
  return good ? std::optional(std::move(bitmap)) : std::nullopt;
}

Bitmap Bitmap::Of(std::string_view bytes) {
  Bitmap bitmap(api::roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  assert(bitmap.set_ != nullptr);
  return bitmap;
}

void Bitmap::Add(uint32_t value) { api::roaring_bitmap_add(Cast(set_), value); }
void Bitmap::AddAll(std::span<const uint32_t> values) {
  api::roaring_bitmap_add_many(Cast(set_), values.size(), values.data());
}
void Bitmap::Remove(uint32_t value) { api::roaring_bitmap_remove(Cast(set_), value); }

// CRoaring does not combine a set with itself in place.
void Bitmap::And(const Bitmap& other) {
  if (&other != this) api::roaring_bitmap_and_inplace(Cast(set_), Cast(other.set_));
}
void Bitmap::AndNot(const Bitmap& other) {
  if (&other == this) return Clear();
  api::roaring_bitmap_andnot_inplace(Cast(set_), Cast(other.set_));
}
void Bitmap::Or(const Bitmap& other) {
  if (&other != this) api::roaring_bitmap_or_inplace(Cast(set_), Cast(other.set_));
}
void Bitmap::Xor(const Bitmap& other) {
  if (&other == this) return Clear();
  api::roaring_bitmap_xor_inplace(Cast(set_), Cast(other.set_));
}

bool Bitmap::empty() const { return api::roaring_bitmap_is_empty(Cast(set_)); }
uint64_t Bitmap::cardinality() const { return api::roaring_bitmap_get_cardinality(Cast(set_)); }

std::vector<uint32_t> Bitmap::Values() const {
  std::vector<uint32_t> values(cardinality());
  api::roaring_bitmap_to_uint32_array(Cast(set_), values.data());
  return values;
}

void Bitmap::AppendText(std::string* out) const {
  constexpr size_t kLongText = 0x80000;
  const size_t before = out->size();
  *out += '{';
  api::roaring_uint32_iterator_t next;
  api::roaring_iterator_init(Cast(set_), &next);
  for (bool first = true; next.has_value; first = false) {
    if (!first) *out += ',';
    if (out->size() - before > kLongText) {
      *out += "...";
      break;
    }
    AppendNumber(next.current_value, out);
    api::roaring_uint32_iterator_advance(&next);
  }
  *out += '}';
}

void Bitmap::Write(std::string* out) {
  const size_t before = out->size();
  WriteAsRead(out);
  if (!HasTiedRun(std::string_view(*out).substr(before))) return;
  api::roaring_bitmap_remove_run_compression(Cast(set_));
  out->resize(before);
  WriteAsRead(out);
}

void Bitmap::WriteAsRead(std::string* out) {
  api::roaring_bitmap_run_optimize(Cast(set_));
  Serialize(Cast(set_), out);
}

}  // namespace castor::roaring
