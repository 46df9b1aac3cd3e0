// A few lines at the bottom of the terminal that are redrawn in place, with other text scrolling by
// above them.
//
// On standard error. Not thread-safe. The destructor takes the block away.
#pragma once

#include <string>
#include <vector>

#include "io/console.h"

namespace castor::cli {

class LiveBlock {
 public:
  LiveBlock() = default;
  ~LiveBlock() { Erase(); }
  LiveBlock(const LiveBlock&) = delete;
  LiveBlock& operator=(const LiveBlock&) = delete;

  // Lines longer than the terminal is wide are cut.
  void Draw(const std::vector<std::string>& lines);
  void Erase();

  // Text for the given stream, shown above the block. A line without its end yet is kept back until
  // the rest comes or the block is erased.
  void PrintAbove(io::Stream stream, std::string_view text);
  // Shows what was kept back.
  void Flush();

 private:
  std::vector<std::string> lines_;  // as drawn last
  size_t drawn_ = 0;
  std::string partial_[2];  // by stream
};

}  // namespace castor::cli
