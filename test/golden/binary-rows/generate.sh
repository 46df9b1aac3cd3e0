#!/usr/bin/env bash
# Writes rows.txt and types.txt anew with the Flink version of pom.xml.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
classpath="$(mktemp)"
trap 'rm -f "$classpath"' EXIT
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -Dmdep.outputFile="$classpath"
java -cp "$(cat "$classpath")" BinaryRows.java rows > rows.txt
java -cp "$(cat "$classpath")" BinaryRows.java types > types.txt
