#!/usr/bin/env bash
# Builds the sample connectors into a `castor` of their own and runs jobs with them.
#
#   test/samples/run.sh [build folder]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
build="$(realpath "${1:-$here/../../build/release}")"
cmake --build "$build" -j "${JOBS:-2}" --target samples >"$build/samples.log" 2>&1 ||
  { tail -40 "$build/samples.log"; echo "0 passed, 1 failed"; exit 1; }
export CASTOR_PLANNER="$here/../../planner/castor-planner"
exec python3 "$here/run.py" "$build/samples/bin/castor"
