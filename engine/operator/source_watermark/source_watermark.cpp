#include "operator/source_watermark/source_watermark.h"

#include "expr/program.h"
#include "operator/api/event_time.h"

namespace castor {
namespace {

class SourceWatermark final : public WatermarkGenerator {
 public:
  explicit SourceWatermark(std::unique_ptr<expr::Program> program) : program_(std::move(program)) {}

  Status Evaluate(const Batch& batch, std::vector<TimestampMs>* watermarks) override {
    watermarks->resize(static_cast<size_t>(batch.num_rows));
    if (batch.num_rows == 0) return Status::OK();
    CASTOR_ASSIGN_OR_RETURN(
        const ColumnPtr column,
        program_->Evaluate(0, batch, {nullptr, batch.num_rows}, {Clock::System().NowMs()}));
    EventTimes(*column, batch.num_rows, watermarks->data());
    return Status::OK();
  }

 private:
  const std::unique_ptr<expr::Program> program_;
};

}  // namespace

Result<std::unique_ptr<WatermarkGenerator>> MakeSourceWatermark(
    const plan::ScanAbilities& abilities, const plan::Bundle& bundle) {
  if (abilities.watermark == nullptr) return std::unique_ptr<WatermarkGenerator>();
  const expr::CompileOptions options{&bundle.configuration, abilities.produced_type};
  CASTOR_ASSIGN_OR_RETURN(auto program, expr::Program::Compile({&abilities.watermark, 1}, options));
  return std::unique_ptr<WatermarkGenerator>(std::make_unique<SourceWatermark>(std::move(program)));
}

}  // namespace castor
