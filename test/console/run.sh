#!/usr/bin/env bash
# Uses the console of the real `castor platform` in Chromium, as a person would. Last line: "N passed, N failed".
#
#   test/console/run.sh [build folder] [part of a name]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
CASTOR_BUILD="$(realpath "${1:-../../build/release}")"
export CASTOR_BUILD
if ! command -v chromium >/dev/null; then
  echo "chromium is missing: run scripts/setup.sh tests"
  echo "0 passed, 1 failed"
  exit 1
fi
exec ../../scripts/node.sh "$PWD" playwright test ${2:+--grep "$2"}
