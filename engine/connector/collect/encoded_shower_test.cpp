// The forms that need formats.
#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "connector/collect/row_shower.h"
#include "format/csv/csv_format.h"
#include "format/json/json_format.h"

namespace castor::connector::collect {
namespace {

TEST(EncodedShowerTest, JsonAndCsv) {
  format::FormatRegistry formats;
  format::json::RegisterJson(&formats);
  format::csv::RegisterCsv(&formats);
  ShowerOptions options;
  options.columns = {{"id", LogicalType::Integer()}, {"a,b", LogicalType::String()}};
  options.insert_only = false;
  Batch batch(2, {MakeColumn<int32_t>(LogicalType::Integer(), {1, 2}), MakeStrings({"x", "y z"})});
  batch.row_kinds = Buffer::Allocate(2);
  batch.row_kinds->as<RowKind>()[0] = RowKind::kInsert;
  batch.row_kinds->as<RowKind>()[1] = RowKind::kDelete;
  const auto show = [&](const std::string& form) {
    auto shower = MakeRowShower(form, options, formats);
    std::string out;
    (*shower)->Begin(&out);
    EXPECT_TRUE((*shower)->Show(batch, &out).ok());
    return out;
  };
  EXPECT_EQ(show("json"),
            "{\"op\":\"+I\",\"row\":{\"id\":1,\"a,b\":\"x\"}}\n"
            "{\"op\":\"-D\",\"row\":{\"id\":2,\"a,b\":\"y z\"}}\n");
  EXPECT_EQ(show("csv"), "op,id,\"a,b\"\n+I,1,x\n-D,2,\"y z\"\n");
  options.insert_only = true;
  EXPECT_EQ(show("csv"), "id,\"a,b\"\n1,x\n2,\"y z\"\n");
}

}  // namespace
}  // namespace castor::connector::collect
