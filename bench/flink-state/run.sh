#!/usr/bin/env bash
# State backends of Apache Flink side by side; `make bench-flink-state` calls it. Its settings are
# environment variables, see README.md.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
build="$PWD/build/${PRESET:-release}"
${MAVEN:-mvn -q -B -Dstyle.color=never} -Pflink-state-bench \
  -pl bench/flink-state,bench/nexmark/flink -am \
  "-Dcastor.build=$build" -DskipTests package
scripts/setup.sh tests
source versions.env
third_party="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}/third_party"
PYTHONDONTWRITEBYTECODE=1 exec python3 bench/flink-state/compare.py \
  "bench/flink-state/target/classes:bench/flink-state/target/lib/*" \
  "$third_party/flink-$FLINK_DISTRIBUTION_VERSION" \
  "$(realpath flink/state-backend/target/flink-statebackend-gemini-*.jar)" \
  build/bench/flink_state.json
