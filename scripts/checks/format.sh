#!/usr/bin/env bash
# Checks the format of C++ (clang-format, .clang-format), Java (google-java-format) and TypeScript (Prettier,
# and ESLint for more than format) sources, or with --fix corrects it. Takes the pinned formatters, so that every machine agrees; scripts/setup.sh
# formatters fetches them.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$root"
source versions.env
tools="${CASTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/castor}/third_party"
clang_format="$tools/clang-format-$CLANG_FORMAT_VERSION/clang-format"
java_format="$tools/google-java-format-$GOOGLE_JAVA_FORMAT_VERSION/google-java-format-all-deps.jar"
fix=false
[ "${1:-}" = --fix ] && fix=true
status=0

# Files in git or about to be, as long as they exist.
sources() {
  git ls-files -co --exclude-standard -- "$@" | while IFS= read -r file; do
    [ -f "$file" ] && echo "$file"
  done
}

# google-java-format uses the compiler's own parser, which the JDK does not export.
run_java_format() {
  local exports=() package
  for package in api code file parser tree util; do
    exports+=(--add-exports "jdk.compiler/com.sun.tools.javac.$package=ALL-UNNAMED")
  done
  java "${exports[@]}" -jar "$java_format" "$@"
}

mapfile -t cpp < <(sources '*.h' '*.cpp')
mapfile -t java < <(sources '*.java')

if [ "${#cpp[@]}" -gt 0 ]; then
  if $fix; then
    "$clang_format" -i "${cpp[@]}"
  else
    # One line per file: the places would fill pages.
    "$clang_format" --dry-run --Werror "${cpp[@]}" 2>&1 | sed -nE 's/^([^: ]+):[0-9]+:.*/\1/p' |
      sort -u | sed 's/$/   <- make format/'
    [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
  fi
fi
if [ "${#java[@]}" -gt 0 ]; then
  if $fix; then
    run_java_format --replace "${java[@]}"
  else
    run_java_format --dry-run --set-exit-if-changed "${java[@]}" || status=1
  fi
fi

# The console and its tests: Prettier and ESLint, both by their standards.
mapfile -t typescript < <(sources '*.ts' '*.tsx' '*.mjs' '*.css' '*.js' 'webui/*.json' \
  'test/console/*.json' ':!*package-lock.json')
paths=("${typescript[@]/#/../}")
if $fix; then
  scripts/node.sh webui prettier --config .prettierrc.json --log-level warn --write "${paths[@]}"
else
  scripts/node.sh webui prettier --config .prettierrc.json --log-level warn --check "${paths[@]}" || status=1
fi
scripts/node.sh webui eslint . || status=1

if [ "$status" -ne 0 ]; then
  echo "format: the files above are not as the formatters would have them" >&2
else
  echo "format: ${#cpp[@]} C++, ${#java[@]} Java and ${#typescript[@]} TypeScript files"
fi
exit "$status"
