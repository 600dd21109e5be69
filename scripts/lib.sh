# shellcheck shell=bash
# Helpers that the scripts of this folder share. To be sourced by bash, not run.

# die MESSAGE... ends the script with one clear line.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# note MESSAGE... says what is going on, away from a script's output proper.
note() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# have TOOL is true where TOOL can be run.
have() {
  command -v "$1" >/dev/null 2>&1
}

# can_install is true where packages of the system can be installed.
can_install() {
  [ "$(id -u)" -eq 0 ] && have apt-get
}

# apt_get ARGUMENT... calls apt-get without questions. It waits for another apt instead of failing on its lock, and
# says nothing unless it fails.
apt_get() {
  local log rc=0
  log=$(mktemp)
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null || rc=$?
  if [ "$rc" -ne 0 ]; then
    tail -n 20 "$log" >&2
    note "apt-get $* failed: see above"
  fi
  rm -f "$log"
  return "$rc"
}

# free_port prints a port on which nobody listens, below the range from which the kernel takes client ports.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  die "no free port between 20000 and 29999"
}
