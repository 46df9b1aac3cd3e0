#!/usr/bin/env bash
# Runs under a sanitizer what earns it: sanitize.sh asan|tsan. The last line is "N passed, N failed".
#
# tsan: what several threads touch, the runtime and whole jobs; asan (with undefined behaviour): also
# what counts bytes itself, columns, state, formats and operators. Whole jobs are the Nexmark suite's,
# with checkpoints, planned by the ordinary build.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset="${1:?usage: $0 asan|tsan}"
build="build/$preset"
case "$preset" in
  tsan) tests=(runtime_test connector_filesystem_test) ;;
  asan) tests=(column_test state_test runtime_test format_json_test format_csv_test
    connector_filesystem_test operator_group_aggregate_test operator_join_test
    operator_window_aggregate_test operator_window_join_test operator_interval_join_test) ;;
  *) echo "$0: no such sanitizer: $preset" >&2; exit 2 ;;
esac

[ -f "$build/build.ninja" ] || cmake --preset "$preset"
cmake --build "$build" -j "${JOBS:-$(nproc)}" --target castor-worker "${tests[@]}"
cp -u build/release/bin/castor "$build/bin/"

# Sanitizers must not be silent, nor the first report the last thing seen of a whole suite.
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1
passed=0 failed=0
for test in "${tests[@]}"; do
  if "$(find "$build/engine" -name "$test" -type f)" --gtest_brief=1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
done
suite="$(NEXMARK_PARALLELISMS=3 test/nexmark/run.sh "$build" \
  --set execution.checkpointing.interval=100ms | tee /dev/stderr | tail -1)" || true
read -r more bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' <<<"$suite") ||
  { more=0 bad=1; }
echo "$((passed + more)) passed, $((failed + bad)) failed"
[ "$((failed + bad))" -eq 0 ]
