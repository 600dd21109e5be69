#!/usr/bin/env bash
# Prints the path of a Chromium for browser tests, installing the system's where there is none.
# FRONTDESK_CHROMIUM names another one.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_chromium() {
  command -v "${FRONTDESK_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome
}

if ! find_chromium; then
  can_install ||
    die "Chromium is missing, and only root can install it here: install it, name one in FRONTDESK_CHROMIUM, or leave the browser tests out with FRONTDESK_TEST_SKIP=e2e"
  note "installing Chromium"
  apt_get update
  apt_get install -y --no-install-recommends chromium fonts-dejavu-core
  find_chromium || die "Chromium was installed, but is not found"
fi
