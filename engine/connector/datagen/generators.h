// The generators behind MakeColumnGenerator.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connector/datagen/column_generator.h"
#include "format/api/option_reader.h"

namespace castor::connector::datagen {

// Null for types that have none. Wrong options are kept in the reader.
std::unique_ptr<ColumnGenerator> MakeRandom(const std::string& name, const LogicalType& type,
                                            uint64_t salt, format::OptionReader* reader);
std::unique_ptr<ColumnGenerator> MakeSequence(const std::string& name, const LogicalType& type,
                                              format::OptionReader* reader);
std::unique_ptr<ColumnGenerator> MakeRowGenerator(
    const LogicalType& type, std::vector<std::unique_ptr<ColumnGenerator>> children, uint64_t salt,
    double null_rate);
// `children`: of an array's or multiset's element, or of a map's key and value.
std::unique_ptr<ColumnGenerator> MakeCollectionGenerator(
    const LogicalType& type, std::vector<std::unique_ptr<ColumnGenerator>> children, int32_t length,
    uint64_t salt, double null_rate);

// Marks the share `rate` of the rows NULL.
void SetNulls(const RowRange& rows, uint64_t salt, double rate, Column* column);

}  // namespace castor::connector::datagen
