#!/usr/bin/env bash
# docs/compatibility.md and the list of Flink's tests that pass are written by one run; the page names
# the list it was written with. That tells without running a test whether they are in step.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
list=test/conformance/passing.txt
page=docs/compatibility.md

sum="$(sha256sum "$list" | cut -d ' ' -f 1)"
if ! grep -q "SHA-256 \`$sum\`" "$page"; then
  echo "$page   <- out of step with $list: test/conformance/conformance.sh --update writes both"
  exit 1
fi
echo "compatibility: in step with $list"
