// For this folder's tests: a `filesystem` table over a temporary directory, with readers and
// writers.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/filesystem/filesystem_sink.h"
#include "connector/filesystem/filesystem_source.h"
#include "connector/filesystem/test_format.h"
#include "format/api/row_text.h"

namespace castor::connector::filesystem {

class FilesystemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/castor_filesystem_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern), nullptr);
    directory_ = pattern;
    RegisterTestFormats(&formats_);
    table_.identifier = "t";
    table_.options = {{"connector", "filesystem"}, {"path", directory_}, {"format", "test"}};
  }
  void TearDown() override { EXPECT_TRUE(fs_.DeleteRecursively(directory_).ok()); }

  void Columns(const std::string& row) {
    const auto type = LogicalType::Parse("ROW<" + row + ">");
    for (const LogicalType::Field& field : type->fields()) {
      table_.columns.push_back({field.name, field.type, {}, "", false});
    }
    abilities_.produced_type = table_.PhysicalRow();
  }

  void Write(const std::string& name, std::string_view text) {
    const std::string path = directory_ + "/" + name;
    ASSERT_TRUE(fs_.MakeDirectories(io::ParentDirectory(path)).ok());
    ASSERT_TRUE(io::WriteFileAtomically(fs_, path, text).ok());
  }

  std::unique_ptr<Source> MakeSource() {
    auto source = MakeFilesystemSource({table_, abilities_, configuration_}, formats_, systems_);
    EXPECT_TRUE(source.ok()) << source.status().ToString();
    return source.ok() ? std::move(source).value() : nullptr;
  }

  std::vector<Split> Discover(Source* source, int32_t parallelism = 1) {
    auto enumerator = source->MakeEnumerator(parallelism, "");
    EXPECT_TRUE(enumerator.ok()) << enumerator.status().ToString();
    auto discovery = (*enumerator)->Discover();
    EXPECT_TRUE(discovery.ok()) << discovery.status().ToString();
    return discovery.ok() ? discovery->splits : std::vector<Split>();
  }

  std::unique_ptr<SourceReader> MakeReader(Source* source, std::vector<Split> splits,
                                           int32_t batch_rows = 1024) {
    auto reader = std::move(source->MakeReader()).value();
    ReaderContext context;
    context.batch_rows = batch_rows;
    context.metrics = &metrics_;
    EXPECT_TRUE(reader->Open(context).ok());
    EXPECT_TRUE(reader->AddSplits(std::move(splits)).ok());
    return reader;
  }

  // Polls until the end, or until `batches` batches with rows came. Rows are row text.
  std::vector<std::string> Drain(SourceReader* reader, int32_t batches = INT32_MAX) {
    std::vector<std::string> rows;
    while (batches > 0) {
      auto polled = reader->Poll();
      if (!polled.ok()) {
        error_ = polled.status().message();
        break;
      }
      if (polled->state != PollState::kBatch) break;
      for (int32_t i = 0; i < polled->batch.num_rows; ++i) {
        rows.emplace_back();
        format::AppendRowText(polled->batch, i, &rows.back());
      }
      skipped_rows_ += polled->skipped_rows;
      for (BadRow& bad : polled->bad_rows) bad_rows_.push_back(std::move(bad));
      batches -= polled->batch.num_rows > 0 ? 1 : 0;
    }
    return rows;
  }

  std::vector<std::string> ReadAll() {
    auto source = MakeSource();
    if (source == nullptr) return {};
    auto reader = MakeReader(source.get(), Discover(source.get()));
    return Drain(reader.get());
  }

  // Of all entries of the directory, hidden ones too.
  std::vector<std::string> Names(const std::string& below = "") {
    std::vector<std::string> names;
    const auto entries = fs_.List(io::JoinPath(directory_, below));
    if (!entries.ok()) return names;
    for (const io::FileInfo& entry : *entries) names.emplace_back(io::BaseName(entry.path));
    return names;
  }

  std::string directory_;
  io::FileSystem& fs_ = io::LocalFileSystem();
  io::FileSystemRegistry systems_;
  format::FormatRegistry formats_;
  plan::Table table_;
  plan::ScanAbilities abilities_;
  Configuration configuration_;
  MetricGroup metrics_;
  std::string error_;
  std::vector<BadRow> bad_rows_;
  int64_t skipped_rows_ = 0;
};

}  // namespace castor::connector::filesystem
