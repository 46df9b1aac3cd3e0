#!/usr/bin/env bash
# Runs every test of a build folder that is built: C++ units through ctest, Java units through Maven,
# every suite test/<suite>/run.sh, which is called with the build folder and must end with a line
# "N passed, N failed", and a few units under the sanitizers. The last line printed here is the sum in
# that form.
#
#   scripts/test.sh [build folder]
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" || exit 1
build="$(realpath "${1:-build/release}")"
results="$build/test-results"
status=0

rm -rf "$results"
mkdir -p "$results"/{cases,suites}

# Each GoogleTest executable writes its cases into a file of its own name.
GTEST_OUTPUT="xml:$results/cases/" ctest --test-dir "$build" -j "${JOBS:-2}" --output-on-failure \
  --output-junit "$results/ctest.xml" || status=1

if [ -f pom.xml ]; then
  find . -path '*/target/surefire-reports/*.xml' -delete
  mvn -q -B -Dstyle.color=never test || status=1
  find . -path '*/target/surefire-reports/TEST-*.xml' -exec cp -t "$results/cases" {} +
fi

for suite in test/*/run.sh; do
  [ -x "$suite" ] || continue
  name="$(basename "$(dirname "$suite")")"
  echo "== $name"
  "$suite" "$build" | tee "$results/suites/$name.log"
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
done

# The units that sanitizers are most likely to find something in; all that they can run takes an hour
# (make test-tsan, make test-asan).
for sanitizer in tsan asan; do
  echo "== $sanitizer"
  scripts/sanitize.sh "$sanitizer" units | tee "$results/suites/$sanitizer.log"
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
done

scripts/test_summary.py "$results" || status=1
exit "$status"
