// For this folder's tests of sinks: rows (a INT, b STRING) into a table of a test format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/filesystem/test_table.h"

namespace castor::connector::filesystem {

class FilesystemSinkTest : public FilesystemTest {
 protected:
  void SetUp() override {
    FilesystemTest::SetUp();
    Columns("`a` INT, `b` VARCHAR(2147483647)");
    table_.options["format"] = "test-bulk";
  }

  Result<std::unique_ptr<Sink>> TryMakeSink() {
    return MakeFilesystemSink(
        {table_, table_.PhysicalRow(), {}, {}, false, configuration_, bundle_}, formats_, systems_);
  }

  void MakeSink() {
    auto sink = TryMakeSink();
    ASSERT_TRUE(sink.ok()) << sink.status().ToString();
    sink_ = std::move(sink).value();
    committer_ = std::move(sink_->MakeCommitter()).value();
  }

  // Restored from `states`, if there are any.
  std::unique_ptr<SinkWriter> Writer(const std::string& attempt,
                                     const std::vector<std::string>& states = {}) {
    auto writer = std::move(sink_->MakeWriter()).value();
    for (const std::string& state : states) EXPECT_TRUE(writer->Restore(state).ok());
    const Status opened = Open(*writer, attempt);
    EXPECT_TRUE(opened.ok()) << opened.ToString();
    return writer;
  }

  Status Open(SinkWriter& writer, const std::string& attempt) {
    WriterContext context;
    context.attempt_id = attempt;
    context.clock = &clock_;
    return writer.Open(context);
  }

  // A checkpoint without a commit: what a restored writer gets.
  std::string Checkpoint(SinkWriter& writer) {
    EXPECT_TRUE(writer.PrepareCommit().ok());
    return writer.Snapshot().value();
  }

  // The last checkpoint of a writer, and its commit.
  void End(SinkWriter& writer) {
    writer.EndInput();
    ASSERT_TRUE(committer_->Commit(*writer.PrepareCommit()).ok());
  }

  std::string Content(const std::string& name) {
    return io::ReadWholeFile(fs_, directory_ + "/" + name).value();
  }

  Batch Rows(const std::vector<int32_t>& a, const std::vector<std::optional<std::string>>& b) {
    const auto rows = static_cast<int32_t>(a.size());
    format::ColumnBuilder x(LogicalType::Integer()), y(LogicalType::String());
    x.Reserve(rows);
    y.Reserve(rows);
    for (int32_t i = 0; i < rows; ++i) {
      const auto at = static_cast<size_t>(i);
      x.Set(i, a[at]);
      b[at] ? y.SetString(i, *b[at]) : y.SetNull(i);
    }
    return Batch(rows, {x.Finish(rows), y.Finish(rows)});
  }

  plan::Bundle bundle_;
  ManualClock clock_{1000};
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<Committer> committer_;
};

}  // namespace castor::connector::filesystem
