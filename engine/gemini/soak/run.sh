#!/usr/bin/env bash
# States under load for SECONDS (an hour), in a budget of MEMORY_MB (160); `make soak-state` calls it.
set -euo pipefail
seconds="$SECONDS" # of the environment, from which the shell counts on
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
build="build/${PRESET:-release}"
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target gemini_soak >&2
exec "$build/bin/gemini_soak" "$((seconds > 0 ? seconds : 3600))" "${MEMORY_MB:-160}"
