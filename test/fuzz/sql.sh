#!/usr/bin/env bash
# Rounds of random queries with random seeds for HOURS (default 1); see README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec test/fuzz/sql/main.py "build/${PRESET:-release}" --hours "${HOURS:-1}" --queries 200 "$@"
