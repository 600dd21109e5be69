#!/usr/bin/env bash
# Installs the npm packages that FOLDER's lock file names. Does nothing when that was done already for this lock file.
#
#   npm.sh FOLDER
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# npm packages ask for at least this Node.
readonly oldest=20

[ $# -eq 1 ] || die "usage: npm.sh FOLDER"
cd "$1"
{ have node && have npm; } || die "Node $oldest and npm are missing: install them, or leave their tests out with FRONTDESK_TEST_SKIP=web,e2e"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge "$oldest" ] || die "Node $oldest is needed, this is $(node --version)"
[ -f package-lock.json ] || die "$1 has no package-lock.json: run npm install there, and commit it"

# Packages hold programs built for one platform and one Node.
key=$({ cat package.json package-lock.json; node --version; uname -sm; } | sha256sum)
stamp=node_modules/.frontdesk
if [ "$(cat "$stamp" 2>/dev/null)" != "$key" ]; then
  note "installing the packages of $1"
  npm ci --no-audit --no-fund --loglevel=error
  mkdir -p node_modules
  printf '%s\n' "$key" >"$stamp"
fi
