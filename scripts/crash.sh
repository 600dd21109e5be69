#!/usr/bin/env bash
# Kills the process that writes to a store, again and again (kill -9), and checks that no acked message was lost or
# doubled: CYCLES times on each store, where `make test` does a few. It wants FRONTDESK_TEST_DATABASE_URL for Postgres,
# which `make crash` sees to.
#
#   crash.sh [CYCLES]    1000 unless given
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The flag is known only where the conformance suite is linked in.
packages=$(go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./store/... |
  awk '{ for (i = 2; i <= NF; i++) if ($i ~ /\/store\/storetest$/) { print $1; break } }')
[ -n "$packages" ] || die "no package under store/ runs the conformance suite"
# shellcheck disable=SC2086 # a list of packages
exec go test -count=1 -timeout 3h -v -run TestCrash $packages -crash.cycles="${1:-1000}"
