#!/usr/bin/env bash
# Runs the demo job with its live view; Ctrl-C ends it early. Expects the engine to be built (make does that).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec bin/castor run demo/busiest_auctions.sql "$@"
