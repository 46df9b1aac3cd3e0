#!/usr/bin/env bash
# Flink's own tests of state backends, and whole jobs, on Gemini in Flink. Last line:
# "N passed, N failed".
#
#   test/flink-state/run.sh [build folder] [test class]...
set -euo pipefail
build="$(realpath "${1:-build/release}")"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
shift || true
module=test/flink-state
reports="$module/target/surefire-reports"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

ls "$build"/flink/linux-*/libgemini_jni.so >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
source versions.env
third_party="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}/third_party"
options=("-Dflink.distribution=$third_party/flink-$FLINK_DISTRIBUTION_VERSION" \
  "-Dflink.examples=$third_party/flink-examples-$FLINK_DISTRIBUTION_VERSION/flink-examples-streaming.jar" \
  -Pflink-state -pl "$module" -am "-Dcastor.build=$build" -Dsurefire.failIfNoSpecifiedTests=false)
[ $# -eq 0 ] || options+=("-Dtest=$(IFS=, && echo "$*")")
rm -rf "$reports"
status=0
${MAVEN:-mvn -q -B -Dstyle.color=never} "${options[@]}" test || status=1

mkdir "$results/cases"
cp "$reports"/TEST-*.xml "$results/cases" || status=1
sed -nE 's/^<testsuite .* name="([^"]*)".* tests="([0-9]+)" errors="([0-9]+)" skipped="([0-9]+)" failures="([0-9]+)".*/\1: \2 run, \3 errors, \5 failures, \4 skipped/p' \
  "$results"/cases/*.xml
summary="$(scripts/test_summary.py "$results")" || status=1
# A JVM that crashed leaves no report.
if [ "$status" -ne 0 ] && [[ "$summary" =~ ([0-9]+)\ passed,\ 0\ failed$ ]]; then
  summary="${BASH_REMATCH[1]} passed, 1 failed"
fi
echo "$summary"
exit "$status"
