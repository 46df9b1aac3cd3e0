#!/usr/bin/env bash
# Runs Nexmark's queries on the engine and compares the materialised result with Apache Flink's.
#
#   test/nexmark/run.sh <build folder> [arguments of castor run]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec python3 "$here/run.py" "$(realpath "$1")" "${@:2}"
