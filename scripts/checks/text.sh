#!/usr/bin/env bash
# Refuses in the repository's text what belongs to one machine or one moment, and files that do not
# belong in a repository. (The bracketed letters keep the rules from matching themselves.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
status=0

# refuse <reason> <pattern> [git pathspec...]
refuse() {
  local reason="$1" pattern="$2" found
  shift 2
  if found="$(git grep -nIP --untracked -e "$pattern" -- "$@")"; then
    printf '%s\n' "$found" | sed "s|\$|   <- $reason|" | cut -c1-240
    status=1
  fi
}

refuse "a path of one machine" '(?<![\w.}-])/(wor[k]|roo[t]|hom[e])/[a-z]'
refuse "a package registry's host" \
  '(artifactor[y]|pypi\.or[g]|pythonhosted\.or[g]|crates\.i[o]|npmjs\.(or[g]|com)|repo1?\.maven\.|deb\.debian\.or[g]|golang\.org/prox[y])'
refuse "issue numbers mean nothing in the source" '\b[Ii]ssue #?\d+|(?<=\s|\()#\d+\b(?!;)' \
  '*.h' '*.cpp' '*.java' '*.cmake' '*.txt' '*.md' '*.sh' '*.py' Makefile
refuse "no open ends: do it or describe the limit" '\b(TOD[O]|FIXM[E])\b'
refuse "a secret" '(BEGIN [A-Z ]*PRIVATE KE[Y]|AKI[A][0-9A-Z]{16})'
refuse "a conflict marker" '^(<<<<<<<|>>>>>>>) '

while IFS= read -r file; do
  [ -f "$file" ] || continue
  case "$file" in
    *.h | *.cpp | *.java | *.py | *.sh | *.cmake | *.ts | *.tsx | *.mjs)
      lines="$(wc -l <"$file")"
      if [ "$lines" -gt 600 ]; then
        echo "$file: $lines lines   <- at most 600; split it by idea"
        status=1
      fi
      ;;
    *.so | *.so.* | *.a | *.o | *.jar | *.class | *.whl | *.tar.gz)
      echo "$file   <- built or downloaded files are not kept in git"
      status=1
      ;;
  esac
done < <(git ls-files -co --exclude-standard)

[ "$status" -eq 0 ] && echo "text: $(git ls-files -co --exclude-standard | wc -l) files"
exit "$status"
