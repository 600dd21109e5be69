#!/usr/bin/env bash
# Runs golangci-lint on the packages named, or on all. The program is built once a version, into .cache.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly version=2.15.0
lint=$PWD/.cache/bin/golangci-lint-$version
if [ ! -x "$lint" ]; then
  note "building golangci-lint $version (about a minute)"
  mkdir -p .cache/bin
  into=$(mktemp -d -p .cache)
  if ! GOBIN=$PWD/$into GOFLAGS='' CGO_ENABLED=0 \
    go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$version" 2>"$into/log"; then
    tail -n 20 "$into/log" >&2
    rm -rf "$into"
    die "golangci-lint $version could not be built: see above, or leave it out with FRONTDESK_TEST_SKIP=lint"
  fi
  mv "$into/golangci-lint" "$lint"
  rm -rf "$into"
fi
# Two runs in one tree take turns instead of failing.
exec "$lint" run --allow-serial-runners "${@:-./...}"
