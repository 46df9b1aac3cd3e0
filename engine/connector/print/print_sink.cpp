#include "connector/print/print_sink.h"

#include <utility>

#include "format/api/decode_check.h"
#include "format/api/option_reader.h"
#include "format/api/print_text.h"
#include "io/console.h"

namespace castor::connector::print {
namespace {

class PrintWriter final : public SinkWriter {
 public:
  PrintWriter(std::string identifier, io::Stream stream)
      : identifier_(std::move(identifier)), stream_(stream) {}

  Status Open(const WriterContext& context) override {
    prefix_ = LinePrefix(identifier_, context.subtask, context.parallelism);
    return Status::OK();
  }

  Status Write(const Batch& batch) override {
    text_.clear();
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      text_ += prefix_;
      format::AppendPrintedRow(batch, row, &text_);
      text_ += '\n';
    }
    return io::WriteToConsole(stream_, text_);
  }

  Result<std::vector<std::string>> PrepareCommit() override { return std::vector<std::string>(); }

 private:
  const std::string identifier_;
  const io::Stream stream_;
  std::string prefix_;
  std::string text_;
};

class PrintSink final : public Sink {
 public:
  PrintSink(std::string identifier, io::Stream stream, int32_t parallelism)
      : identifier_(std::move(identifier)), stream_(stream), parallelism_(parallelism) {}

  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    return std::unique_ptr<SinkWriter>(std::make_unique<PrintWriter>(identifier_, stream_));
  }
  int32_t parallelism() const override { return parallelism_; }

 private:
  const std::string identifier_;
  const io::Stream stream_;
  const int32_t parallelism_;
};

Result<std::unique_ptr<Sink>> MakePrintSink(const SinkArguments& arguments) {
  format::OptionReader reader("", arguments.table.options);
  std::string identifier = reader.String("print-identifier", "");
  const bool to_error = reader.Bool("standard-error", false);
  const auto parallelism = static_cast<int32_t>(reader.Int("sink.parallelism", 0));
  CASTOR_RETURN_NOT_OK(reader.first_error().WithContext("table " + arguments.table.identifier));
  CASTOR_RETURN_NOT_OK(
      format::CheckHasText(arguments.consumed_type, "table " + arguments.table.identifier));
  // In the order of the table's partition keys.
  bool has_identifier = reader.Find("print-identifier").has_value();
  for (const std::string& key : arguments.table.partition_keys) {
    auto found = arguments.static_partition.find(key);
    if (found == arguments.static_partition.end()) continue;
    identifier += (has_identifier ? ":" : "") + key + "=" + found->second;
    has_identifier = true;
  }
  return std::unique_ptr<Sink>(std::make_unique<PrintSink>(
      std::move(identifier), to_error ? io::Stream::kError : io::Stream::kOutput, parallelism));
}

}  // namespace

std::string LinePrefix(std::string identifier, int32_t subtask, int32_t parallelism) {
  if (parallelism > 1) {
    if (!identifier.empty()) identifier += ':';
    identifier += std::to_string(subtask + 1);
  }
  if (!identifier.empty()) identifier += "> ";
  return identifier;
}

void RegisterPrint(ConnectorRegistry* registry) {
  ConnectorFactory factory;
  factory.make_sink = MakePrintSink;
  registry->Register("print", std::move(factory));
}

}  // namespace castor::connector::print
