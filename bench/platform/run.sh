#!/usr/bin/env bash
# Many clients at one platform with many deployments; `make bench-platform` builds the engine and calls it. Its settings
# are environment variables: bench/platform/measure.py lists them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PYTHONDONTWRITEBYTECODE=1 exec python3 bench/platform/measure.py
