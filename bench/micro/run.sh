#!/usr/bin/env bash
# Runs every Google Benchmark of the engine and prints one table; `make bench-micro` builds the engine and calls
# it. See bench/micro/README.md.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
build="build/${PRESET:-release}"
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target benches >&2
PYTHONPATH=bench PYTHONDONTWRITEBYTECODE=1 exec python3 -m micro.table "$build"
