// Random ARRAYs, MAPs and MULTISETs: as many elements as their length says, of maps and multisets
// only the last of those with the same key (Flink's RandomGenerator.mapGenerator).
#include <string_view>
#include <unordered_map>
#include <utility>

#include "column/binary_row.h"
#include "column/gather.h"
#include "connector/datagen/generators.h"
#include "connector/datagen/random_bits.h"

namespace castor::connector::datagen {
namespace {

constexpr uint64_t kCountSalt = 0x2545f4914f6cdd1dULL;
constexpr uint64_t kMostCopies = 10;  // of an element of a multiset; none is possible, too

class RandomCollections final : public ColumnGenerator {
 public:
  RandomCollections(LogicalType type, std::vector<std::unique_ptr<ColumnGenerator>> children,
                    int32_t length, uint64_t salt, double null_rate)
      : type_(std::move(type)),
        types_(type_.ChildTypes()),
        children_(std::move(children)),
        key_codec_({types_[0]}),
        length_(length),
        salt_(salt),
        null_rate_(null_rate) {}

  ColumnPtr Generate(const RowRange& rows) const override {
    std::vector<ColumnPtr> elements;
    for (const auto& child : children_) elements.push_back(Elements(*child, rows));
    if (type_.kind() == TypeKind::kMultiset) elements.push_back(Counts(rows));
    MutableColumnPtr column = Column::MakeFlat(type_, rows.count);
    std::vector<int32_t> chosen;
    auto* lists = column->mutable_values<ListRef>();
    if (type_.kind() == TypeKind::kArray) {
      ChooseAll(rows.count, lists, &chosen);
    } else {
      ChooseLastOfKeys(elements[0], rows.count, lists, &chosen);
    }
    for (size_t i = 0; i < types_.size(); ++i) {
      const auto count = static_cast<int32_t>(chosen.size());
      column->mutable_children()[i] =
          Flatten(Gather(*elements[i], chosen.data(), count))->WithType(types_[i]);
    }
    SetNulls(rows, salt_, null_rate_, column.get());
    return column;
  }

 private:
  // All first elements, all second ones, and so on: each place has a seed of its own.
  ColumnPtr Elements(const ColumnGenerator& child, const RowRange& rows) const {
    if (length_ == 0) return child.Generate({rows.first, rows.step, 0, rows.seed, rows.now});
    std::vector<ColumnPtr> places;
    for (int32_t place = 0; place < length_; ++place) {
      RowRange at = rows;
      at.seed = BitsAt(rows.seed, salt_, place);
      places.push_back(child.Generate(at));
    }
    return Concat(places);
  }

  ColumnPtr Counts(const RowRange& rows) const {
    MutableColumnPtr counts = Column::MakeFlat(types_[1], rows.count * length_);
    auto* values = counts->mutable_values<int32_t>();
    for (int32_t place = 0; place < length_; ++place) {
      const uint64_t seed = BitsAt(rows.seed, salt_ ^ kCountSalt, place);
      for (int32_t i = 0; i < rows.count; ++i) {
        *values++ = static_cast<int32_t>(Below(BitsAt(seed, salt_, rows.row(i)), kMostCopies + 1));
      }
    }
    return counts;
  }

  void ChooseAll(int32_t rows, ListRef* lists, std::vector<int32_t>* chosen) const {
    for (int32_t i = 0; i < rows; ++i) {
      lists[i] = {static_cast<int32_t>(chosen->size()), length_};
      for (int32_t place = 0; place < length_; ++place) chosen->push_back(place * rows + i);
    }
  }

  void ChooseLastOfKeys(const ColumnPtr& keys, int32_t rows, ListRef* lists,
                        std::vector<int32_t>* chosen) const {
    EncodedRows encoded;
    key_codec_.Encode({&keys, 1}, keys->size(), &encoded);
    std::unordered_map<std::string_view, size_t> places;
    for (int32_t i = 0; i < rows; ++i) {
      const size_t start = chosen->size();
      places.clear();
      for (int32_t place = 0; place < length_; ++place) {
        const int32_t element = place * rows + i;
        const auto [found, is_new] = places.try_emplace(encoded.row(element), chosen->size());
        if (is_new) {
          chosen->push_back(element);
        } else {
          (*chosen)[found->second] = element;
        }
      }
      lists[i] = {static_cast<int32_t>(start), static_cast<int32_t>(chosen->size() - start)};
    }
  }

  const LogicalType type_;
  const std::vector<LogicalType> types_;  // of the children
  const std::vector<std::unique_ptr<ColumnGenerator>> children_;
  const BinaryRowCodec key_codec_;
  const int32_t length_;
  const uint64_t salt_;
  const double null_rate_;
};

}  // namespace

std::unique_ptr<ColumnGenerator> MakeCollectionGenerator(
    const LogicalType& type, std::vector<std::unique_ptr<ColumnGenerator>> children, int32_t length,
    uint64_t salt, double null_rate) {
  return std::make_unique<RandomCollections>(type, std::move(children), length, salt, null_rate);
}

}  // namespace castor::connector::datagen
