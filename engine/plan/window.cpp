#include "plan/window.h"

namespace castor::plan {
namespace {

std::string Duration(int64_t ms) {
  if (ms != 0 && ms % 3'600'000 == 0) return std::to_string(ms / 3'600'000) + " h";
  if (ms != 0 && ms % 60'000 == 0) return std::to_string(ms / 60'000) + " min";
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + " s";
  return std::to_string(ms) + " ms";
}

}  // namespace

std::string WindowSpec::ToString() const {
  std::string text;
  switch (kind) {
    case Kind::kTumbling:
      text = "TUMBLE(size=" + Duration(size_ms);
      break;
    case Kind::kHopping:
      text = "HOP(size=" + Duration(size_ms) + ", slide=" + Duration(slide_ms);
      break;
    case Kind::kCumulative:
      text = "CUMULATE(max size=" + Duration(size_ms) + ", step=" + Duration(slide_ms);
      break;
    case Kind::kSession:
      text = "SESSION(gap=" + Duration(gap_ms);
      break;
  }
  if (offset_ms != 0) text += ", offset=" + Duration(offset_ms);
  return text + ")";
}

std::string WindowingStrategy::ToString() const {
  std::string text = window.ToString();
  switch (kind) {
    case Kind::kTimeAttribute:
      text += " on $" + std::to_string(time_attribute);
      break;
    case Kind::kWindowAttached:
      text += " ending at $" + std::to_string(window_end);
      break;
    case Kind::kSliceAttached:
      text += " of slices ending at $" + std::to_string(slice_end);
      break;
  }
  return text + (is_rowtime ? "" : " (processing time)");
}

}  // namespace castor::plan
