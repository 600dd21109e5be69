#!/usr/bin/env bash
# Runs every fuzz target for a while, after its seeds and corpus.
#
#   fuzz.sh [TIME]    TIME for each target, as Go writes durations; 10s unless given
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-10s}
status=0
found=0
while IFS=: read -r file target; do
  found=$((found + 1))
  printf '== %s in %s, %s\n' "$target" "$(dirname "$file")" "$time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$(dirname "$file")" || status=1
done < <(git ls-files --cached --others --exclude-standard '*_test.go' |
  xargs -r grep -HoE '^func Fuzz[A-Za-z0-9_]*' | sed 's/:func /:/')
printf '%d fuzz targets\n' "$found"
exit "$status"
