// A benchmark that fails says why, and ends.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/status.h"

namespace castor::bench {

[[noreturn]] inline void Fail(const std::string& what) {
  std::fprintf(stderr, "bench_state: %s\n", what.c_str());
  std::_Exit(1);
}

template <typename AnyStatus>
void Check(const AnyStatus& status) {
  if (!status.ok()) Fail(status.ToString());
}

template <typename T>
T Checked(Result<T> result) {
  Check(result.status());
  return std::move(*result);
}

}  // namespace castor::bench
