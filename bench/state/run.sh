#!/usr/bin/env bash
# Gemini beside RocksDB; `make bench-state` builds the engine and calls it. Its settings are environment variables:
# bench/state/suite/settings.py lists them.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
build="build/${PRESET:-release}"
"$here/rocksdb/build.sh" >/dev/null
grep -q "^build bench_state: phony" "$build/build.ninja" || cmake -S . -B "$build" >/dev/null
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target bench_state >&2
PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec python3 -m state.suite "$build/bench/state/bench_state"
