// A set of 32-bit integers: org.apache.flink.types.bitmap.RoaringBitmapData, on CRoaring.
//
// Values are unsigned where order matters, as in Flink: -1 is the largest. A set is read from bytes
// and written to bytes in Roaring's portable format; what stands in a column has been checked
// before.
//
// What Write gives depends on the set alone: of the forms of a container the smallest, of equally
// small ones the array. That is what Flink's toBytes makes of sets that had no run containers
// before, be they built, combined or aggregated. (A run as large as an array that came in with
// bytes stays a run in Flink, also in what is made of it. WriteAsRead keeps it in the set itself;
// what is made of it has an array here.)
//
// Movable, owns its memory. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace castor::roaring {

class Bitmap {
 public:
  Bitmap();  // empty
  // Nothing if the bytes are not in the portable format. What follows the set is not looked at.
  static std::optional<Bitmap> Read(std::string_view bytes);
  // Of bytes that are known to be good.
  static Bitmap Of(std::string_view bytes);

  void Add(uint32_t value);
  void AddAll(std::span<const uint32_t> values);
  void Remove(uint32_t value);
  void Clear() { *this = Bitmap(); }

  void And(const Bitmap& other);
  void AndNot(const Bitmap& other);
  void Or(const Bitmap& other);
  void Xor(const Bitmap& other);

  bool empty() const;
  uint64_t cardinality() const;
  // All values, ascending.
  std::vector<uint32_t> Values() const;
  // RoaringBitmap.toString: "{1,2,3}", cut off with "..." when it gets very long.
  void AppendText(std::string* out) const;

  // Appends the bytes. Both change how the set is held, not what is in it.
  void Write(std::string* out);
  void WriteAsRead(std::string* out);

 private:
  struct Free {
    void operator()(void* set) const;
  };
  explicit Bitmap(void* set) : set_(set) {}

  std::unique_ptr<void, Free> set_;  // a roaring_bitmap_t
};

}  // namespace castor::roaring
