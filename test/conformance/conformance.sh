#!/usr/bin/env bash
# Runs Flink's own tests on the native engine; see README.md.
#
#   test/conformance/conformance.sh [--update] [--without-flink] [--filter TEXT] [--listed]
#
# FILTER=TEXT is the same as --filter; BUILD is the build folder (default build/release); STATE=spilled or remote
# says where state lies (test/s3/state_place.py).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
build="${BUILD:-build/release}"
jar=test/conformance/target/castor-conformance.jar
stamp=build/conformance/java.stamp

mkdir -p build/conformance
inputs="$(git ls-files -co --exclude-standard planner test/oracle test/conformance/src \
  test/conformance/pom.xml pom.xml spec/options)"
# shellcheck disable=SC2086
if [ ! -f "$jar" ] || [ -n "$(find $inputs -newer "$stamp" -print -quit 2>&1)" ]; then
  ${MAVEN:-mvn -q -B -Dstyle.color=never} -Pconformance -pl test/conformance -am -DskipTests package >&2
  touch "$stamp"
fi
arguments=(--worker "$build/bin/castor-worker" --out build/conformance
  --passing test/conformance/passing.txt --page docs/compatibility.md)
[ -z "${FILTER:-}" ] || arguments+=(--filter "$FILTER")
launcher=()
[ -z "${STATE:-}" ] || launcher=(python3 test/s3/state_place.py "$STATE")
exec "${launcher[@]}" java -Xmx1500m -Xss16m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -XX:ReservedCodeCacheSize=256m -Duser.timezone=UTC \
  -Dfile.encoding=UTF-8 -jar "$jar" "$@" "${arguments[@]}"
