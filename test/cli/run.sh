#!/usr/bin/env bash
# Drives the real `castor` with and without a terminal. Last line: "N passed, N failed".
#
#   test/cli/run.sh [build folder] [part of a name]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
build="$(realpath "${1:-../../build/release}")"
exec python3 suite.py "$build" "${@:2}"
