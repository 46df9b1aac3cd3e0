#!/usr/bin/env bash
# Starts the platform with a deployment that runs, says where its console is, and goes on until Ctrl-C, which
# suspends the deployment: the next demo goes on from there. Expects everything to be built (make does that).
#
#   demo.sh [data directory]      PORT= is where it listens (8080; 0 for any free port)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data="${1:-build/demo}" castor="${CASTOR:-bin/castor}"
said="$(mktemp)"

fail() {
  echo "demo: $*" >&2
  exit 1
}

# In a session of its own, so that Ctrl-C reaches this script alone.
setsid "$castor" platform --data-dir "$data" --port "${PORT:-8080}" >"$said" &
server=$!

end() {
  trap - EXIT INT TERM
  if kill -0 "$server" 2>/dev/null; then
    echo "suspending the deployment ..."
    sed 's/^  state: RUNNING$/  state: SUSPENDED/' demo/deployment.yaml >"$said.yaml"
    "$castor" apply -f "$said.yaml" --wait --timeout 60 || true
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -f "$said" "$said.yaml"
}
trap end EXIT
trap 'end; exit 0' INT TERM

until address="$(grep -o 'http://.*' "$said")"; do
  kill -0 "$server" 2>/dev/null || fail "the platform has not started"
  sleep 0.1
done
export CASTOR_PLATFORM="$address"
"$castor" apply -f demo/deployment.yaml --wait --timeout 120
echo
grep 'first user' "$said" || true
echo "The console is at $address - Ctrl-C ends the demo."
wait "$server"
