#!/usr/bin/env bash
# Writes a golden snapshot with the command of a build: generate.sh <build folder> <name> [canonical|native]. See README.md.
set -euo pipefail

[ $# -ge 2 ] && [ $# -le 3 ] || { echo "usage: $0 <build folder> <name> [canonical|native]" >&2; exit 2; }
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
castor="$(realpath "$1")/bin/castor"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

sed -e "s|\${PATH}|$work/hashes|" -e 's|${PACED}|true|' "$here/job.sql" >"$work/job.sql"
"$castor" run -q -p 2 "$work/job.sql" --name golden &
job=$!
rows=0
until [ "$rows" -gt 1500 ]; do  # of 3000
  kill -0 "$job"
  sleep 0.05
  rows="$("$castor" list --json | python3 -c '
import json, sys
print(sum(job.get("recordsIn", 0) for job in json.load(sys.stdin) if job["name"] == "golden"))')"
done
snapshot="$("$castor" stop golden --to "$work/saved" --type "${3:-canonical}")"
wait "$job"
rm -rf "${here:?}/$2"
mv "$snapshot" "$here/$2"
