// The tail of a chain that ends in a table: hosts the connector's writer.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "connector/api/sink.h"
#include "runtime/task/tail.h"

namespace castor::runtime {

class SinkTail final : public Tail {
 public:
  // `uid` and `description` are those of the sink's node.
  SinkTail(std::unique_ptr<connector::SinkWriter> writer, connector::WriterContext context,
           std::string uid, std::string description)
      : writer_(std::move(writer)),
        context_(std::move(context)),
        uid_(std::move(uid)),
        description_(std::move(description)) {}

  // Before Open.
  Status Restore(std::string_view old_state) { return Describe(writer_->Restore(old_state)); }

  Status Open() override { return Describe(writer_->Open(context_)); }
  Status Accept(Output::Element element) override;
  Status OnBarrier(const Barrier& barrier, SubtaskCut* cut) override;
  void OnEnd() override { writer_->EndInput(); }
  Status Close() override { return Describe(writer_->Close()); }

 private:
  Status Describe(const Status& status) const { return status.WithContext(description_); }

  const std::unique_ptr<connector::SinkWriter> writer_;
  const connector::WriterContext context_;
  const std::string uid_;
  const std::string description_;
};

// What a barrier takes from a writer, under `uid`.
Status CutWriter(connector::SinkWriter& writer, const Barrier& barrier, const std::string& uid,
                 SubtaskCut* cut);

}  // namespace castor::runtime
