#!/usr/bin/env bash
# Runs the tests, step by step, each with its time. A step that fails does not stop the others; the exit code tells.
#
#   test.sh [GROUP...]    all groups in the order below unless some are named
#
#   lint       go vet, gofmt, golangci-lint
#   go         every Go test, with full counts, fuzz seeds and, on Postgres too, the stores
#   race       every Go test under the race detector, in random order
#   purego     the vector kernels and the encoder without assembly
#   evals      answers on the repository's own questions, and on development sets where their data is found
#   web        widget and console: types, lint, unit tests, size; a rebuild changes nothing
#   generated  `go generate` changes nothing
#   e2e        the whole product in a browser
#
# and, only when named:
#
#   store      the stores' tests, which are a part of go
#   crash      kill -9 of a writer, CYCLES times on each store
#   handoff    the handoff's state machine at length, on each store
#   shift      a long shift in a browser, on each store
#   bench      every benchmark
#   report     the widget's size, times and faults, written to docs/widget.md
#
# What the tests need and the machine lacks is installed: PostgreSQL with pgvector and Chromium (by apt, as root), npm
# packages, golangci-lint. A test server of PostgreSQL is started, and stopped at the end, unless
# FRONTDESK_TEST_DATABASE_URL names one. FRONTDESK_TEST_SKIP leaves groups out (a list, "store,e2e"); with store in it
# the Go tests run without Postgres.
#
# The numbers of tests go to .cache/test/*.json, for .ci/run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly everything=(lint go race purego evals web generated e2e)
readonly results=$PWD/.cache/test
readonly testcount=$PWD/.cache/bin/testcount

child=''    # the step that runs now
database='' # the folder of our own test server
failed=()   # steps
summary=''

# in_list WORD LIST is true if LIST, parted by commas or blanks, holds WORD.
in_list() {
  [[ " ${2//,/ } " == *" $1 "* ]]
}

cleanup() {
  # Each step is a process group of its own, so that nothing of it is left behind.
  [ -z "$child" ] || kill -TERM -- "-$child" 2>/dev/null || true
  if [ -n "$database" ]; then
    scripts/postgres.sh stop "$database/data" || true
    rm -rf -- "$database"
  fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# step NAME COMMAND... runs COMMAND as one step. It may leave its counts in $counts; a failed step that counted no
# failed test counts as one.
step() {
  local name=$1 rc=0 began=$SECONDS took
  shift
  printf '\n=== %s\n' "$name"
  counts=$results/${name//[^a-z0-9]/-}.json
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  wait "$child" || rc=$?
  child=''
  took=$((SECONDS - began))
  if [ "$rc" -eq 0 ]; then
    printf -- '--- %s: ok, %d s\n' "$name" "$took"
    summary+=$(printf '%6d s  ok      %s' "$took" "$name")$'\n'
    return
  fi
  printf -- '--- %s: FAILED (%d), %d s\n' "$name" "$rc" "$took"
  summary+=$(printf '%6d s  FAILED  %s' "$took" "$name")$'\n'
  failed+=("$name")
  if ! grep -qs '"failed":[1-9]' "$counts"; then
    echo '{"passed":0,"failed":1,"skipped":0}' >"$results/step-${counts##*/}"
  fi
}

# go_test FLAG... runs go test with counts. What its vet would find the group lint does.
go_test() {
  go test -json -vet=off -timeout 20m "$@" | "$testcount" go -o "$counts"
}

# --- the groups

gofmt_clean() {
  local unformatted
  unformatted=$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0r ls 2>/dev/null | xargs -r gofmt -l)
  [ -z "$unformatted" ] || die "gofmt would change: ${unformatted//$'\n'/ }"
}

group_lint() {
  step 'go vet' go vet ./...
  step 'gofmt' gofmt_clean
  step 'golangci-lint' scripts/lint.sh
}

start_database() {
  scripts/pgvector.sh
  scripts/postgres.sh start "$1/data" >"$1/url"
}

# with_database starts a test server once, unless there is one or the tests do without.
with_database() {
  if in_list store "${FRONTDESK_TEST_SKIP:-}"; then
    unset FRONTDESK_TEST_DATABASE_URL
    return
  fi
  [ -z "${FRONTDESK_TEST_DATABASE_URL:-}" ] || return 0
  # /tmp, as PostgreSQL's own user may enter it, and as a socket's path has to be short.
  database=$(mktemp -d /tmp/frontdesk-test.XXXXXX)
  chmod 711 "$database"
  step 'postgres' start_database "$database"
  FRONTDESK_TEST_DATABASE_URL=$(cat "$database/url" 2>/dev/null) || true
  export FRONTDESK_TEST_DATABASE_URL
}

group_store() {
  with_database
  step 'store tests' go_test ./store/...
}

group_crash() {
  with_database
  step 'crash' scripts/crash.sh "${CYCLES:-1000}"
}

group_bench() {
  with_database
  step 'benchmarks' go test -run '^$' -bench . -benchmem -timeout 1h ./...
}

group_go() {
  with_database
  step 'go test' go_test ./...
}

# SQLite is C turned into Go. What it works on lies outside Go's heap, where the detector does not look, so that telling
# it of each access finds nothing and takes most of the time. Its driver, which handles our values, and all else is told.
readonly race_flags=(-race
  -gcflags=modernc.org/sqlite/lib=-race=false
  -gcflags=modernc.org/libc/...=-race=false
  -gcflags=modernc.org/memory=-race=false)

# The race detector is C.
need_c() {
  have gcc || have clang && return
  can_install || die "a C compiler is missing, and only root can install it here: install gcc and libc6-dev, or leave the race detector out with FRONTDESK_TEST_SKIP=race"
  note "installing gcc"
  apt_get update
  apt_get install -y --no-install-recommends gcc libc6-dev
}

race() {
  need_c
  local packages
  # The judge of lies goes through its sentences one after the other: there is nothing to race.
  packages=$(go list ./... | grep -v '/evals/liar$')
  # shellcheck disable=SC2086
  CGO_ENABLED=1 go_test "${race_flags[@]}" -shuffle=on $packages
}

group_race() {
  with_database
  step 'go test -race' race
}

purego() {
  local packages=() folder
  for folder in internal/simd llm/minilm; do
    [ ! -d "$folder" ] || packages+=("./$folder/...")
  done
  [ "${#packages[@]}" -gt 0 ] || { echo "no internal/simd and no llm/minilm yet: nothing to do"; return; }
  go_test -tags purego "${packages[@]}"
}

group_purego() {
  step 'go test -tags purego' purego
}

evals() {
  # One package after the other: the second finds the vectors that the first has made.
  FRONTDESK_EVAL=1 go_test -p 1 -run 'TestGolden|TestSharedSets|TestRetrieval' ./evals ./knowledge
}

group_evals() {
  step 'evals' evals
}

# vitest FOLDER runs the unit tests and counts them, also when some fail.
vitest() {
  local rc=0 report
  report=$(mktemp)
  npm --prefix "$1" test --silent -- --reporter=default --reporter=json --outputFile.json="$report" || rc=$?
  "$testcount" vitest -o "$counts" "$report" || rc=1
  rm -f "$report"
  return "$rc"
}

group_web() {
  local folder
  for folder in widget console; do
    if [ ! -f "$folder/package.json" ]; then
      printf '\n=== %s: no %s/package.json yet: nothing to do\n' "$folder" "$folder"
      continue
    fi
    step "$folder packages" scripts/npm.sh "$folder"
    step "$folder types" npm --prefix "$folder" run --silent check
    step "$folder lint" npm --prefix "$folder" run --silent lint
    step "$folder tests" vitest "$folder"
    step "$folder rebuild" scripts/unchanged.sh "$folder/dist" -- npm --prefix "$folder" run --silent build
    step "$folder size" npm --prefix "$folder" run --silent size
  done
}

group_generated() {
  step 'generated files' scripts/unchanged.sh . -- go generate ./...
}

# browser_and_binary makes what tests in a browser need.
browser_and_binary() {
  FRONTDESK_CHROMIUM=$(scripts/chromium.sh)
  FRONTDESK_COUNTS=$counts
  FRONTDESK_BIN=$PWD/.cache/bin/frontdesk
  export FRONTDESK_CHROMIUM FRONTDESK_COUNTS FRONTDESK_BIN
  scripts/npm.sh e2e
  CGO_ENABLED=0 go build -o "$FRONTDESK_BIN" ./cmd/frontdesk
}

e2e() {
  browser_and_binary
  npm --prefix e2e test --silent -- "$@"
  [ -s "$counts" ] || die "e2e wrote no counts to FRONTDESK_COUNTS"
}

group_e2e() {
  if [ ! -f e2e/package.json ]; then
    printf '\n=== e2e: no e2e/package.json yet: nothing to do\n'
    return
  fi
  step 'e2e' e2e
}

report() {
  browser_and_binary
  node e2e/report.mjs
}

group_report() {
  step 'report' report
}

group_handoff() {
  with_database
  FRONTDESK_LONG=1 step 'handoff' go test "${race_flags[@]}" ./handoff -run 'TestModel|TestClaimRace|TestSlowAnswer' -v -timeout 3h -rapid.checks=2000
}

group_shift() {
  with_database
  FRONTDESK_SHIFT=full step 'shift' e2e shift
}

# --- and all of them

# In a log colours are noise.
[ -t 1 ] || export NO_COLOR=1
have go || die "Go is missing: install the version that go.mod names"
have git || die "git is missing: install it"
groups=("$@")
[ "${#groups[@]}" -gt 0 ] || groups=("${everything[@]}")
rm -rf "$results"
mkdir -p "$results" "$(dirname "$testcount")"
go build -o "$testcount" ./scripts/testcount

for group in "${groups[@]}"; do
  declare -F "group_$group" >/dev/null || die "there is no group $group: see the head of scripts/test.sh"
  # Without store the Go tests still run; only a group named store has nothing left.
  if in_list "$group" "${FRONTDESK_TEST_SKIP:-}"; then
    printf '\n=== %s: left out, as FRONTDESK_TEST_SKIP says\n' "$group"
    continue
  fi
  "group_$group"
done

printf '\n%s' "$summary"
[ -z "$(ls "$results")" ] || "$testcount" sum "$results" || true
[ "${#failed[@]}" -eq 0 ] || exit 1
