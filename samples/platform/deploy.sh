#!/usr/bin/env bash
# A pipeline's step: shows what a deployment's file will change and applies it. If that cannot be, the
# deployment goes back to the version that has worked, and the step fails.
#
#   deploy.sh <file> <name of the deployment>
#
# $CASTOR_PLATFORM says where the platform is, $CASTOR_TOKEN is an API token with the role editor (not needed on the
# server's machine), $CASTOR says which castor is run.
set -euo pipefail
file="$1" name="$2" castor="${CASTOR:-castor}"

changes=0
"$castor" diff -f "$file" || changes=$?
case $changes in
  0) echo "nothing to do" && exit 0 ;;
  1) ;;
  *) exit "$changes" ;;
esac

if "$castor" apply -f "$file" --wait --timeout 120; then exit 0; fi
"$castor" events "$name" | tail -n 10 >&2
"$castor" rollback "$name" --wait --timeout 120 >&2
exit 1
