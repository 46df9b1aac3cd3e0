#!/usr/bin/env bash
# node.sh <folder> <command> <arguments...>: runs a command of the folder's packages, or a script (whose
# name has a slash), in the folder with the pinned Node.js. What the folder's package-lock.json names is
# installed before, unless it is there; without a command that is all.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/versions.env"
node="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}/third_party/node-$NODE_VERSION"
if [ ! -d "$node" ]; then
  echo "node.sh: $node is missing: run scripts/setup.sh (or make)" >&2
  exit 1
fi
export PATH="$node/bin:$PATH"
cd "$1"
installed=node_modules/.package-lock.json  # npm writes it last
if [ ! "$installed" -nt package-lock.json ]; then
  exec 9>.npm.lock
  flock 9
  [ "$installed" -nt package-lock.json ] || {
    npm ci --ignore-scripts --prefer-offline --no-progress --loglevel error >&2
    touch "$installed"
  }
  exec 9>&-
fi
[ $# -gt 1 ] || exit 0
[[ "$2" != */* ]] || exec node "${@:2}"
exec "node_modules/.bin/$2" "${@:3}"
