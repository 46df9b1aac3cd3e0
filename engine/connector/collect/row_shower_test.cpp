#include "connector/collect/row_shower.h"

#include <gtest/gtest.h>

#include "column/test_columns.h"
#include "format/api/row_text.h"

namespace castor::connector::collect {
namespace {

// Stands for the formats json and csv: a row is its row text.
class RowTextEncoding final : public format::EncodingFormat {
 public:
  Result<std::unique_ptr<format::RecordEncoder>> MakeEncoder(const LogicalType&) const override {
    class Encoder final : public format::RecordEncoder {
      Status Encode(const Batch& batch, const int32_t* rows, int32_t count,
                    std::string* out) override {
        for (int32_t i = 0; i < count; ++i) {
          format::AppendRowText(batch, rows[i], out);
          *out += '\n';
        }
        return Status::OK();
      }
    };
    return std::unique_ptr<format::RecordEncoder>(std::make_unique<Encoder>());
  }
};

class RowShowerTest : public ::testing::Test {
 protected:
  RowShowerTest() {
    for (const char* name : {"json", "csv"}) {
      formats_.Register(name, {nullptr, [](const format::FormatOptions&) {
                                 return Result<std::unique_ptr<format::EncodingFormat>>(
                                     std::make_unique<RowTextEncoding>());
                               }});
    }
    options_.columns = {{"id", LogicalType::Integer()}, {"na,me", LogicalType::String()}};
    batch_ = Batch(2, {MakeColumn<int32_t>(LogicalType::Integer(), {7, std::nullopt}),
                       MakeStrings({"a\"b\nc", "a text that is too long for its column"})});
  }

  std::string Show(const std::string& form) {
    auto shower = MakeRowShower(form, options_, formats_);
    EXPECT_TRUE(shower.ok()) << shower.status().ToString();
    std::string out;
    (*shower)->Begin(&out);
    EXPECT_TRUE((*shower)->Show(batch_, &out).ok());
    (*shower)->End(&out);
    return out;
  }

  void MakeChanges() {
    options_.insert_only = false;
    batch_.row_kinds = Buffer::Allocate(2);
    batch_.row_kinds->as<RowKind>()[0] = RowKind::kUpdateBefore;
    batch_.row_kinds->as<RowKind>()[1] = RowKind::kUpdateAfter;
  }

  ShowerOptions options_;
  format::FormatRegistry formats_;
  Batch batch_;
};

TEST_F(RowShowerTest, Changelog) {
  MakeChanges();
  EXPECT_EQ(Show("changelog"),
            "-U[7, \"a\\\"b\\nc\"]\n+U[NULL, \"a text that is too long for its column\"]\n");
}

TEST_F(RowShowerTest, JsonAndCsv) {
  batch_ = batch_.Slice(0, 1);
  EXPECT_EQ(Show("csv"), "id,\"na,me\"\n+I[7, \"a\\\"b\\nc\"]\n");
  options_.insert_only = false;
  EXPECT_EQ(Show("csv"), "op,id,\"na,me\"\n+I,+I[7, \"a\\\"b\\nc\"]\n");
  EXPECT_EQ(Show("json"), "{\"op\":\"+I\",\"row\":+I[7, \"a\\\"b\\nc\"]}\n");
}

TEST_F(RowShowerTest, TableCutsOnlyForTerminals) {
  EXPECT_EQ(Show("table"),
            "+-------------+--------------------------------+\n"
            "|          id | na,me                          |\n"
            "+-------------+--------------------------------+\n"
            "|           7 | a\"b c                          |\n"
            "|        NULL | a text that is too long for its column |\n"
            "+-------------+--------------------------------+\n");
  MakeChanges();
  options_.max_width = 40;
  EXPECT_EQ(Show("table"),
            "+----+-------------+-------------------+\n"
            "| op |          id | na,me             |\n"
            "+----+-------------+-------------------+\n"
            "| -U |           7 | a\"b c             |\n"
            "| +U |        NULL | a text that is t… |\n"
            "+----+-------------+-------------------+\n");
}

TEST_F(RowShowerTest, UnknownForm) { EXPECT_FALSE(MakeRowShower("xml", options_, formats_).ok()); }

}  // namespace
}  // namespace castor::connector::collect
