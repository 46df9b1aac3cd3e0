#include "connector/filesystem/filesystem_sink.h"

#include <utility>

#include "connector/filesystem/file_committer.h"
#include "connector/filesystem/file_writer.h"
#include "connector/filesystem/sink_options.h"

namespace castor::connector::filesystem {
namespace {

class FilesystemSink final : public Sink {
 public:
  explicit FilesystemSink(SinkOptions options)
      : options_(std::make_shared<const SinkOptions>(std::move(options))) {}

  Result<std::unique_ptr<SinkWriter>> MakeWriter() override { return MakeFileWriter(options_); }
  Result<std::unique_ptr<Committer>> MakeCommitter() override {
    return MakeFileCommitter(options_);
  }
  int32_t parallelism() const override { return options_->parallelism; }

 private:
  const std::shared_ptr<const SinkOptions> options_;
};

}  // namespace

Result<std::unique_ptr<Sink>> MakeFilesystemSink(const SinkArguments& arguments,
                                                 const format::FormatRegistry& formats,
                                                 const io::FileSystemRegistry& file_systems) {
  Result<SinkOptions> options = SinkOptions::Parse(arguments, formats, file_systems);
  if (!options.ok()) return options.status().WithContext("table " + arguments.table.identifier);
  return std::unique_ptr<Sink>(std::make_unique<FilesystemSink>(std::move(options).value()));
}

}  // namespace castor::connector::filesystem
