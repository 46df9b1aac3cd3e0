#!/usr/bin/env bash
# From event to result at half of the highest load; `make bench-latency` builds the engine and calls it. Its settings
# are environment variables: bench/latency/measure.py lists them.
set -euo pipefail
bench="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$bench/.."
PYTHONPATH="$bench" PYTHONDONTWRITEBYTECODE=1 exec python3 -m latency.measure
