#!/usr/bin/env bash
# Files of format `parquet` between Castor and real Flink, both ways.
#
#   test/parquet/run.sh [build folder]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
exec python3 "$here/run.py" "$(realpath "${1:-$here/../../build/release}")"
