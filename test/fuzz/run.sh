#!/usr/bin/env bash
# A round of random queries with a fixed seed; see README.md. Last line: "N passed, N failed".
#
#   test/fuzz/run.sh [build folder]
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/sql/main.py" "${1:-build/release}" --seed 1 --queries 60 --shrink-minutes 1
