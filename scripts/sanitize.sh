#!/usr/bin/env bash
# Runs under a sanitizer what earns it: sanitize.sh asan|tsan [units]. The last line is
# "N passed, N failed".
#
# tsan: what several threads touch, the runtime, state under load and whole jobs; asan (with undefined
# behaviour): also what counts bytes itself, columns, state and what reads it, formats and operators.
# Whole jobs are the Nexmark suite's, with checkpoints, planned by the ordinary build. `units` runs the
# few unit tests that find most and are built in minutes, the runtime under tsan and state with what
# reads it under asan: scripts/test.sh runs these.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
usage="usage: $0 asan|tsan [units]"
preset="${1:?$usage}"
scope="${2:-all}"
build="build/$preset"
case "$preset $scope" in
  "tsan units") tests=(runtime_test) ;;
  "tsan all") tests=(gemini_test gemini_soak gemini_kills state_test runtime_test
    connector_filesystem_test) ;;
  "asan units") tests=(state_test state_bytes_test) ;;
  "asan all") tests=(column_test gemini_test gemini_soak gemini_kills state_test state_bytes_test
    job_bytes_test runtime_test format_json_test format_csv_test
    connector_filesystem_test operator_group_aggregate_test operator_join_test
    operator_window_aggregate_test operator_window_join_test operator_interval_join_test) ;;
  *) echo "$usage" >&2; exit 2 ;;
esac
targets=("${tests[@]}")
[ "$scope" = units ] || targets+=(castor-worker)

[ -f "$build/build.ninja" ] || cmake --preset "$preset"
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target "${targets[@]}"

# Sanitizers must not be silent, nor the first report the last thing seen of a whole suite.
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1
passed=0 failed=0
for test in "${tests[@]}"; do
  arguments=()
  [[ "$test" != *_test ]] || arguments=(--gtest_brief=1)
  if "$(find "$build" -name "$test" -type f -executable)" "${arguments[@]}"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
done
if [ "$scope" = all ]; then
  cp -u build/release/bin/castor "$build/bin/"
  suite="$(NEXMARK_PARALLELISMS=3 test/nexmark/run.sh "$build" \
    --set execution.checkpointing.interval=100ms | tee /dev/stderr | tail -1)" || true
  read -r more bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' <<<"$suite") ||
    { more=0 bad=1; }
  passed=$((passed + more)) failed=$((failed + bad))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
