#!/usr/bin/env bash
# Answers cases/*.txt (or the ones named) with the Flink version of pom.xml: expected/<name>.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
classpath="$(mktemp)"
trap 'rm -f "$classpath"' EXIT
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$classpath"
mkdir -p expected
cases=("$@")
[ "${#cases[@]}" -gt 0 ] || cases=(cases/*.txt)
status=0
for file in "${cases[@]}"; do
  java --add-opens java.base/java.util=ALL-UNNAMED -Duser.timezone=UTC -cp "$(cat "$classpath")" \
    Expressions.java "$file" "expected/$(basename "$file" .txt).json" || status=1
done
exit "$status"
