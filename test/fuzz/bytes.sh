#!/usr/bin/env bash
# Each reader of stored bytes under libFuzzer, with sanitizers, for SECONDS_EACH (60); see README.md. What a
# reader stumbles over is left in build/fuzz/found. READERS="run block" picks some of those of PROGRAMS
# ("state job"; the second takes much longer to build).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source versions.env
# shellcheck disable=SC2086  # a list of words
command -v clang++-14 >/dev/null || apt-get install -y -q $DEBIAN_FUZZ
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
read -ra programs <<<"${PROGRAMS:-state job}"
cmake --build build/fuzz -j "${JOBS:-$(nproc)}" --target "${programs[@]/%/_bytes_fuzz}"
mkdir -p build/fuzz/found
passed=0 failed=0

fuzz() {  # program reader
  local corpus="build/fuzz/corpus/$2" log="build/fuzz/$2.log"
  mkdir -p "$corpus"
  export CASTOR_READER="$2"
  CASTOR_SEEDS="$corpus" "$1" -runs=0 >"$log" 2>&1 &&
    "$1" "$corpus" -max_total_time="${SECONDS_EACH:-60}" -rss_limit_mb=2048 -timeout=10 -max_len=8192 \
      -artifact_prefix="build/fuzz/found/$2-" >"$log" 2>&1
}

for program in "${programs[@]}"; do
  binary="build/fuzz/test/fuzz/bytes/${program}_bytes_fuzz"
  for reader in $(CASTOR_READER=? "$binary" -runs=0 2>/dev/null); do
    [[ -z "${READERS:-}" || " $READERS " == *" $reader "* ]] || continue
    log="build/fuzz/$reader.log"
    if fuzz "$binary" "$reader"; then
      echo "ok     $reader: $(sed -nE 's/^Done ([0-9]+) runs.*/\1 runs/p' "$log")"
      passed=$((passed + 1))
    else
      grep -E "ERROR|SUMMARY|runtime error" "$log" | head -3
      echo "FAILED $reader: see $log"
      failed=$((failed + 1))
    fi
  done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
