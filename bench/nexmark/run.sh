#!/usr/bin/env bash
# Castor beside Apache Flink on Nexmark; `make bench-nexmark` builds what it needs and calls it. Its settings
# are environment variables: bench/nexmark/suite/__main__.py lists them.
set -euo pipefail
bench="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PYTHONPATH="$bench" PYTHONDONTWRITEBYTECODE=1 exec python3 -m nexmark.suite
