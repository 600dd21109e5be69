#!/usr/bin/env bash
# Runs COMMAND and fails if that added, changed or removed a file under PATH:
# for output that is committed, and so has to be what its sources give. Files that git ignores do not count. It compares
# before with after, not with the last commit, so it also works with changes that are not committed yet.
#
#   unchanged.sh PATH -- COMMAND...
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

{ [ $# -ge 3 ] && [ "$2" = -- ]; } || die "usage: unchanged.sh PATH -- COMMAND..."
path=$1
shift 2

# state lists each file with its sum; a removed file that git still knows shows as missing.
state() {
  git ls-files -z --cached --others --exclude-standard -- "$path" | sort -zu | xargs -0r sha256sum 2>&1 || true
}

before=$(state)
"$@"
if ! changed=$(diff <(printf '%s\n' "$before") <(state)); then
  printf '%s\n' "$changed" | sed -n 's/^[<>] //p' >&2
  die "'$*' changed the files above: commit what it makes"
fi
