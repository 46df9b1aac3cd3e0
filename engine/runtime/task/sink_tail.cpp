#include "runtime/task/sink_tail.h"

#include <iterator>

namespace castor::runtime {

Status SinkTail::Accept(Output::Element element) {
  if (auto* batch = std::get_if<Batch>(&element)) {
    if (batch->num_rows > 0) CASTOR_RETURN_NOT_OK(Describe(writer_->Write(*batch)));
    if (batch->marks.empty()) return Status::OK();
    return Describe(writer_->OnWatermark(batch->marks.back().watermark));
  }
  if (auto* watermark = std::get_if<Watermark>(&element)) {
    return Describe(writer_->OnWatermark(watermark->time));
  }
  return Status::OK();
}

Status SinkTail::OnBarrier(const Barrier& barrier, SubtaskCut* cut) {
  return Describe(CutWriter(*writer_, barrier, uid_, cut));
}

Status CutWriter(connector::SinkWriter& writer, const Barrier& barrier, const std::string& uid,
                 SubtaskCut* cut) {
  CASTOR_ASSIGN_OR_RETURN(auto committables, writer.PrepareCommit());
  auto& all = cut->committables[uid];
  all.insert(all.end(), std::make_move_iterator(committables.begin()),
             std::make_move_iterator(committables.end()));
  if (barrier.kind == Barrier::Kind::kCommitOnly) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(std::string state, writer.Snapshot());
  if (state.empty()) return Status::OK();
  cut->Of(uid).sections[section::kWriter] = std::move(state);
  return Status::OK();
}

}  // namespace castor::runtime
