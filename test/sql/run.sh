#!/usr/bin/env bash
# The text tests of the engine; see README.md. Last line: "N passed, N failed".
#
#   test/sql/run.sh [build folder] [--variant NAME]... [--record] [part of a name]...
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
exec python3 "$here/runner/main.py" "$@"
