#include "cli/terminal/progress.h"

#include <fmt/format.h>

#include "cli/terminal/terminal.h"

namespace castor::cli {

Progress::Progress(std::string what, bool quiet)
    : what_(std::move(what)), shown_(!quiet && CanRedraw()) {}

void Progress::Tick() {
  const auto now = std::chrono::steady_clock::now();
  constexpr auto kPatience = std::chrono::milliseconds(300);
  constexpr auto kBetween = std::chrono::milliseconds(kTickMs);
  if (!shown_ || now - start_ < kPatience || now - drawn_ < kBetween) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const Style style = Style::Of(io::Stream::kError);
  block_.Draw({style.Dim(fmt::format("{} ... {:.1f} s", what_, seconds))});
}

}  // namespace castor::cli
