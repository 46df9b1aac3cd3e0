#!/usr/bin/env bash
# Takes the pictures of docs/platform-tour.md anew, from the real `castor platform` in Chromium. By hand: look at them
# before they are committed.
#
#   test/console/tour.sh [build folder]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
CASTOR_BUILD="$(realpath "${1:-../../build/release}")"
export CASTOR_BUILD
for program in chromium pngquant; do
  command -v "$program" >/dev/null || {
    echo "tour.sh: $program is missing: install the package of that name" >&2
    exit 1
  }
done
taken="$CASTOR_BUILD/console/tour" kept=../../docs/images
rm -rf "$taken"
../../scripts/node.sh "$PWD" playwright test --config tour.config.ts
mkdir -p "$kept"
for picture in "$taken"/*.png; do
  # A palette: pages have few colours, and a repository keeps every picture it ever had.
  pngquant 64 --speed 1 --strip --force --output "$kept/tour-$(basename "$picture")" "$picture"
done
ls -l "$kept"
