#!/usr/bin/env bash
# Kills a job at every named step of its checkpoint, commit and restore protocol and at random instants, and
# looks whether its files hold every row once.
#
#   test/crash/run.sh <build folder>
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec python3 "$here/run.py" "$(realpath "$1")"
