#!/usr/bin/env bash
# Fetches RocksDB's sources, which the crate librocksdb-sys carries, builds them once into Castor's cache
# and prints the folder. Debian's package is built with assertions and two to three times slow.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source "$here/../../../versions.env"
third_party="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}/third_party"
target="$third_party/rocksdb-$ROCKSDB_VERSION"

fail() {
  echo "rocksdb: $*" >&2
  exit 1
}

# The unpacked crate in $1/vendor. What cargo has checked against its index is compared with the pin.
fetch() {
  mkdir -p "$1/src"
  touch "$1/src/lib.rs"
  cat >"$1/Cargo.toml" <<EOT
[package]
name = "fetch"
version = "0.0.0"
edition = "2021"
[dependencies]
librocksdb-sys = { version = "=$LIBROCKSDB_SYS_VERSION", default-features = false }
EOT
  (cd "$1" && cargo vendor --quiet vendor >/dev/null) ||
    fail "cargo could not fetch librocksdb-sys $LIBROCKSDB_SYS_VERSION"
  grep -q "\"package\":\"$LIBROCKSDB_SYS_SHA256\"" "$1/vendor/librocksdb-sys/.cargo-checksum.json" ||
    fail "librocksdb-sys $LIBROCKSDB_SYS_VERSION is not the pinned one"
}

if [ ! -d "$target" ]; then
  command -v cargo >/dev/null || fail "install cargo: the source comes as a crate"
  mkdir -p "$third_party"
  exec 9>"$third_party/rocksdb.lock"
  flock 9
fi
if [ ! -d "$target" ]; then
  echo "rocksdb: building $ROCKSDB_VERSION, which takes some ten minutes of one core" >&2
  work="$third_party/.rocksdb"  # a build that was stopped goes on
  fetch "$work"
  cmake -S "$here" -B "$work/build" -G Ninja -DCRATE="$work/vendor/librocksdb-sys" \
    -DCMAKE_INSTALL_PREFIX="$work/out" >&2
  cmake --build "$work/build" -j "${JOBS:-$(nproc)}" >&2
  cmake --install "$work/build" >/dev/null
  mv -T "$work/out" "$target"
  rm -rf "$work"
fi
echo "$target"
