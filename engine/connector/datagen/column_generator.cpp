#include "connector/datagen/column_generator.h"

#include <utility>

#include "connector/datagen/generators.h"
#include "format/api/option_reader.h"

namespace castor::connector::datagen {
namespace {

constexpr int64_t kDefaultCollectionLength = 3;

// Flink's checks of the options that some types do not take.
void CheckLength(const std::string& name, const LogicalType& type, format::OptionReader* reader) {
  const std::string length_key = name + ".length";
  const bool fixed = type.kind() == TypeKind::kChar || type.kind() == TypeKind::kBinary;
  const bool variable = type.kind() == TypeKind::kVarChar || type.kind() == TypeKind::kVarBinary;
  if (reader->Bool(name + ".var-len", false) && !variable) {
    reader->Refuse(name + ".var-len", "only for variable-length types, not " + type.ToString());
  }
  if ((!fixed && !variable) || !reader->Find(length_key)) return;
  if (fixed) {
    reader->Refuse(length_key, "the length of " + type.ToString() + " cannot be changed");
  }
  const int64_t length = reader->Int(length_key, 0);
  if (variable && (length > type.length() || length < 1)) {
    reader->Refuse(length_key, "must be from 1 to the " + std::to_string(type.length()) +
                                   " of type " + type.ToString());
  }
}

Status UnsupportedType(const std::string& name, const LogicalType& type) {
  return Status::Unsupported("column '" + name + "': connector 'datagen' does not generate type " +
                             type.ToString());
}

// What options call the parts of a nested type.
std::vector<LogicalType::Field> PartsOf(const LogicalType& type) {
  if (type.kind() == TypeKind::kRow) return type.fields();
  const std::vector<LogicalType>& children = type.children();
  if (type.kind() == TypeKind::kMap) return {{"key", children[0]}, {"value", children[1]}};
  return {{"element", children[0]}};
}

Result<std::unique_ptr<ColumnGenerator>> MakeNested(const std::string& name,
                                                    const LogicalType& type, uint64_t salt,
                                                    format::OptionReader* reader) {
  std::vector<std::unique_ptr<ColumnGenerator>> children;
  for (const LogicalType::Field& part : PartsOf(type)) {
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<ColumnGenerator> child,
                            MakeColumnGenerator(name + "." + part.name, part.type,
                                                salt * 31 + children.size() + 1, reader));
    children.push_back(std::move(child));
  }
  const double null_rate = reader->Double(name + ".null-rate", 0);
  if (type.kind() == TypeKind::kRow) {
    return MakeRowGenerator(type, std::move(children), salt, null_rate);
  }
  const std::string length_key = name + ".length";
  const int64_t length = reader->Int(length_key, kDefaultCollectionLength);
  if (length < 0 || length > INT32_MAX) reader->Refuse(length_key, "must not be negative");
  CASTOR_RETURN_NOT_OK(reader->first_error());
  return MakeCollectionGenerator(type, std::move(children), static_cast<int32_t>(length), salt,
                                 null_rate);
}

}  // namespace

Result<std::unique_ptr<ColumnGenerator>> MakeColumnGenerator(const std::string& name,
                                                             const LogicalType& type, uint64_t salt,
                                                             format::OptionReader* reader) {
  const std::string kind = reader->Choice(name + ".kind", "random", {"random", "sequence"});
  if (kind == "random") CheckLength(name, type, reader);
  std::unique_ptr<ColumnGenerator> generator;
  // Boolean, date and time know no sequence: Flink generates them as it does at random.
  const bool countable = type.kind() != TypeKind::kBoolean && type.kind() != TypeKind::kDate &&
                         type.kind() != TypeKind::kTime;
  if (kind == "sequence") {
    const auto start = reader->Find(name + ".start");
    const auto end = reader->Find(name + ".end");
    if (!start) reader->Refuse(name + ".start", "a sequence needs it");
    if (!end) reader->Refuse(name + ".end", "a sequence needs it");
    CASTOR_RETURN_NOT_OK(reader->first_error());
    if (countable) generator = MakeSequence(name, type, reader);
  }
  if (kind == "random" || !countable) generator = MakeRandom(name, type, salt, reader);
  const bool nested =
      type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList;
  if (kind == "random" && nested) {
    CASTOR_ASSIGN_OR_RETURN(generator, MakeNested(name, type, salt, reader));
  }
  CASTOR_RETURN_NOT_OK(reader->first_error());
  if (generator == nullptr) return UnsupportedType(name, type);
  return generator;
}

}  // namespace castor::connector::datagen
