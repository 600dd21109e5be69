#!/usr/bin/env bash
# Runs every fuzz target for a while, after its seeds and corpus.
#
#   fuzz.sh [TIME]    TIME for each target, as Go writes durations; 10s unless given
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-10s}
# The list has the targets of a package, one a line, and then the package: "ok  path  time".
targets=$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ { names[++n] = $1 } /^ok/ { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }')

status=0
while read -r package target; do
  [ -n "$target" ] || continue
  printf '== %s in %s, %s\n' "$target" "$package" "$time"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" || status=1
done <<<"$targets"
exit "$status"
