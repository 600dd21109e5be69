#!/usr/bin/env bash
# Installs PostgreSQL and pgvector, for tests. Does nothing where they are there.
#
# Where the system's packages hold pgvector it comes from there. Debian 12's do not: its source is fetched from the next
# release and built, which takes some ten seconds. The system's own lists of packages stay as they are. The server may be
# upgraded on the way, so this runs before one starts.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# What to do instead, for every way in which this can fail.
readonly instead="set FRONTDESK_TEST_DATABASE_URL to a PostgreSQL with pgvector 0.8 or later, or leave its tests out with FRONTDESK_TEST_SKIP=store"

installed() {
  [ -n "$(find /usr/share/postgresql -path '*/extension/vector.control' 2>/dev/null)" ]
}

# version prints the PostgreSQL to build for: the newest that is installed, or else the system's own.
version() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  if [ -n "$newest" ]; then
    newest=${newest#/usr/lib/postgresql/}
    echo "${newest%%/*}"
  else
    apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1
  fi
}

# sources prints Debian 13's archive of sources, at the place where this system finds its own packages.
sources() {
  if [ -f /etc/apt/sources.list.d/debian.sources ]; then
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/security/' /etc/apt/sources.list.d/debian.sources |
      sed -e '/^#/d' -e 's/^Types:.*/Types: deb-src/' -e 's/^Suites:.*/Suites: trixie/'
  else
    sed -n -e '/security\|-updates\|-backports/d' -e 's/^deb \(.*\) bookworm .*/deb-src \1 trixie main/p' /etc/apt/sources.list
  fi
}

# from_source VERSION builds pgvector from the source package of Debian 13.
from_source() {
  local pg=$1 work list config=/usr/lib/postgresql/$1/bin/pg_config
  apt_get install -y --no-install-recommends "postgresql-$pg" "postgresql-server-dev-$pg" dpkg-dev make gcc libc6-dev
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder's name is wanted now
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/lists/partial"
  # apt tells the two notations apart by the file's name.
  list=$work/trixie.list
  [ ! -f /etc/apt/sources.list.d/debian.sources ] || list=$work/trixie.sources
  sources >"$list"
  [ -s "$list" ] || die "apt's lists do not name Debian's archive: $instead"
  local source=(-o "Dir::Etc::sourcelist=$list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  apt_get "${source[@]}" update
  (cd "$work" && apt_get "${source[@]}" source pgvector)
  # No clang is needed without LLVM. OPTFLAGS="" drops -march=native: pgvector picks its instructions when it runs.
  # PGXS reads its options as arguments; the flags of a calling make must not reach it.
  (
    cd "$work"/pgvector-*/
    unset MAKEFLAGS MAKELEVEL MFLAGS
    make -s -j2 with_llvm=no OPTFLAGS="" PG_CONFIG="$config"
    make -s install with_llvm=no PG_CONFIG="$config"
  ) >"$work/build.log" 2>&1 || {
    tail -n 20 "$work/build.log" >&2
    die "pgvector did not build: $instead"
  }
}

installed && exit 0
can_install || die "PostgreSQL with pgvector is missing, and only root can install it here: $instead"
began=$SECONDS
note "installing PostgreSQL and pgvector"
apt_get update
pg=$(version)
[ -n "$pg" ] || die "the system offers no PostgreSQL: $instead"
apt_get install -y --no-install-recommends "postgresql-$pg-pgvector" 2>/dev/null || from_source "$pg"
installed || die "pgvector is not where it should be: $instead"
note "PostgreSQL $pg and pgvector installed in $((SECONDS - began)) s"
