#!/usr/bin/env bash
# A PostgreSQL server for tests: nothing in it outlives a power cut (fsync=off), anyone on this machine may enter.
#
#   postgres.sh start FOLDER [PORT]   make a server whose data lie in FOLDER (new or empty), print its URL
#   postgres.sh stop FOLDER           stop that server and remove FOLDER
#
# It listens on 127.0.0.1 only, on a free port unless one is given. PostgreSQL refuses to run as root, so root starts
# it as the user postgres, anybody else as himself. pgvector.sh sees to the programs it needs.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# owner COMMAND... runs COMMAND as the user who owns the server, from a folder that any user may enter.
owner() (
  cd /
  if [ "$(id -u)" -eq 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
)

# bin prints the folder of the newest PostgreSQL that has pgvector.
bin() {
  local control version
  control=$(find /usr/share/postgresql -path '*/extension/vector.control' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$control" ] || die "no PostgreSQL with pgvector here: run scripts/pgvector.sh as root"
  version=${control#/usr/share/postgresql/}
  printf '/usr/lib/postgresql/%s/bin\n' "${version%%/*}"
}

configure() {
  cat >>"$1/postgresql.conf" <<EOF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$1'
# Every test package opens pools of its own, several packages at a time.
max_connections = 400
# Tests ask whether the code is right, not whether the disk is: no flush is waited for.
fsync = off
synchronous_commit = off
full_page_writes = off
EOF
}

start() {
  local data=$1 port=${2:-} bin try
  bin=$(bin)
  mkdir -p "$data"
  chmod 700 "$data"
  [ "$(id -u)" -ne 0 ] || chown postgres "$data"
  owner "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  configure "$data"
  # Between the choice of a port and its use another process may take it: then choose again.
  for try in 1 2 3 4 5; do
    local chosen=${port:-$(free_port)}
    if owner "$bin/pg_ctl" -D "$data" -l "$data/log" -o "-p $chosen" -w -t 60 start >/dev/null 2>&1; then
      printf 'postgres://postgres@127.0.0.1:%s/postgres?sslmode=disable\n' "$chosen"
      return
    fi
    note "PostgreSQL did not start on port $chosen (try $try)"
  done
  tail -n 20 "$data/log" >&2
  die "PostgreSQL did not start; its log is $data/log"
}

stop() {
  local data=$1
  [ -d "$data" ] || return 0
  [ -f "$data/PG_VERSION" ] || die "$data is no data folder of PostgreSQL"
  if [ -f "$data/postmaster.pid" ]; then
    owner "$(bin)/pg_ctl" -D "$data" -m immediate -w stop >/dev/null || true
  fi
  rm -rf -- "$data"
}

case "${1:-}" in
  start) [ $# -ge 2 ] || die "start needs a folder"; start "$2" "${3:-}" ;;
  stop) [ $# -eq 2 ] || die "stop needs a folder"; stop "$2" ;;
  *) die "usage: postgres.sh start FOLDER [PORT] | stop FOLDER" ;;
esac
