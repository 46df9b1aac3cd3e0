#!/usr/bin/env bash
# The tests of Flink that passed once must still pass. Last line: "N passed, N failed".
#
#   test/conformance/run.sh [build folder]
set -euo pipefail
BUILD="$(realpath "${1:-build/release}")"
export BUILD
exec "$(dirname "${BASH_SOURCE[0]}")/conformance.sh" --listed
