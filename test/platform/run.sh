#!/usr/bin/env bash
# Drives the real `castor platform` over HTTP. Last line: "N passed, N failed".
#
#   test/platform/run.sh [build folder] [part of a name]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
build="$(realpath "${1:-../../build/release}")"
exec python3 run.py "$build" "${@:2}"
