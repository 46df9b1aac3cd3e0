#include "connector/collect/collect_sink.h"

#include <utility>

#include "connector/collect/row_shower.h"
#include "format/api/decode_check.h"
#include "io/console.h"

namespace castor::connector::collect {
namespace {

constexpr char kOutputOption[] = "castor.collect.output";

class CollectWriter final : public SinkWriter {
 public:
  explicit CollectWriter(std::unique_ptr<RowShower> shower) : shower_(std::move(shower)) {}

  Status Open(const WriterContext&) override { return Status::OK(); }

  Status Write(const Batch& batch) override {
    text_.clear();
    Begin();
    CASTOR_RETURN_NOT_OK(shower_->Show(batch, &text_));
    return io::WriteToConsole(io::Stream::kOutput, text_);
  }

  Result<std::vector<std::string>> PrepareCommit() override { return std::vector<std::string>(); }

  Status Close() override {
    text_.clear();
    Begin();
    shower_->End(&text_);
    return io::WriteToConsole(io::Stream::kOutput, text_);
  }

 private:
  // Not in Open: a job that fails at its start shows no empty table.
  void Begin() {
    if (!begun_) shower_->Begin(&text_);
    begun_ = true;
  }

  const std::unique_ptr<RowShower> shower_;
  std::string text_;
  bool begun_ = false;
};

class CollectSink final : public Sink {
 public:
  CollectSink(std::string form, ShowerOptions options, const format::FormatRegistry* formats)
      : form_(std::move(form)), options_(std::move(options)), formats_(formats) {}

  Result<std::unique_ptr<SinkWriter>> MakeWriter() override {
    CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<RowShower> shower,
                            MakeRowShower(form_, options_, *formats_));
    return std::unique_ptr<SinkWriter>(std::make_unique<CollectWriter>(std::move(shower)));
  }
  int32_t parallelism() const override { return 1; }

 private:
  const std::string form_;
  const ShowerOptions options_;
  const format::FormatRegistry* const formats_;
};

Result<std::unique_ptr<Sink>> MakeCollectSink(const SinkArguments& arguments,
                                              const format::FormatRegistry* formats) {
  const bool terminal = io::IsTerminal(io::Stream::kOutput);
  const std::string form =
      arguments.configuration.GetString(kOutputOption, terminal ? "table" : "changelog");
  CASTOR_RETURN_NOT_OK(format::CheckHasText(arguments.consumed_type, "the query's result"));
  ShowerOptions options;
  options.columns = arguments.consumed_type.fields();
  if (arguments.bundle.collect) {
    options.insert_only = arguments.bundle.collect->insert_only;
    // The names of the query; those of the plan may be made unique.
    if (arguments.bundle.collect->columns.size() == options.columns.size()) {
      for (size_t i = 0; i < options.columns.size(); ++i) {
        options.columns[i].name = arguments.bundle.collect->columns[i].name;
      }
    }
  } else {
    options.insert_only = false;
  }
  options.session_time_zone = arguments.configuration.GetString("table.local-time-zone", "UTC");
  constexpr int kUsualWidth = 80;
  if (terminal) options.max_width = io::TerminalWidth(io::Stream::kOutput, kUsualWidth);
  // Made once now, so that a wrong form or type is refused before the job starts.
  Result<std::unique_ptr<RowShower>> tried = MakeRowShower(form, options, *formats);
  if (!tried.ok()) {
    return tried.status().WithContext(std::string("option '") + kOutputOption + "'");
  }
  return std::unique_ptr<Sink>(std::make_unique<CollectSink>(form, std::move(options), formats));
}

}  // namespace

void RegisterCollect(ConnectorRegistry* registry, const format::FormatRegistry* formats) {
  ConnectorFactory factory;
  factory.make_sink = [=](const SinkArguments& arguments) {
    return MakeCollectSink(arguments, formats);
  };
  registry->Register("castor-collect", std::move(factory));
}

}  // namespace castor::connector::collect
