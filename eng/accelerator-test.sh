#!/usr/bin/env bash
# Builds all converters for NVIDIA GPUs (-p:Accelerator=cuda), starts those that have networks where no GPU is to be seen, and checks
# that each says so and falls back to the CPU; DeepDream must then dream the very dream of the default build.
# Prints what the build took. Ends with 1 when anything is not so.
# Usage: eng/accelerator-test.sh [FOLDER]   (by default artifacts/cuda; holds the build's output, some gigabytes, and is kept)
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(realpath -m "${1:-artifacts/cuda}")
picture=ImageEditor.Tests/Testing/Photos/astronaut.png
query='octaves=2&steps=4&seed=7'
failed=0
work=$(mktemp -d)
process=

finish() {
  stop
  rm -rf "$work"
}
trap finish EXIT

fail() { # what is wrong
  echo "FAILED: $*"
  failed=1
}

# Starts a converter that sees no GPU, whatever the machine has; sets $address once it listens.
start() { # DLL, value of Converter__Accelerator
  address=
  CUDA_VISIBLE_DEVICES=-1 Converter__Accelerator=$2 ASPNETCORE_URLS=http://127.0.0.1:0 dotnet "$1" >"$work/log" 2>&1 &
  process=$!
  for _ in $(seq 600); do
    address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/log" | head -n 1) || true
    if [ -n "$address" ]; then
      return
    fi
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/log"
  echo "FAILED: $1 does not start."
  exit 1
}

stop() {
  if [ -n "$process" ]; then
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    process=
  fi
}

build() { # project, further arguments
  dotnet build "$@" --nologo -v q >"$work/build" || { cat "$work/build"; exit 1; }
}

dream() { # DLL, result
  start "$1" auto
  curl -fsS --max-time 600 --data-binary @"$picture" -o "$2" "$address/convert?$query" || fail "$1 does not dream."
  stop
}

started=$SECONDS
for project in converters/*/*.csproj; do
  build "$project" -p:Accelerator=cuda -p:ArtifactsPath="$folder"
done
echo "All converters are built for CUDA, in $((SECONDS - started)) s; $(du -sh "$folder" | cut -f 1) in all, the CUDA provider has $(
  find "$folder/bin" -name libonnxruntime_providers_cuda.so -path '*/DeepDream/*' -exec du -h {} + | head -n 1 | cut -f 1)."

neural=0
for provider in "$folder"/bin/*/debug/runtimes/linux-x64/native/libonnxruntime_providers_cuda.so; do
  output=${provider%/runtimes/*}
  name=$(basename "$(dirname "$output")")
  if [ ! -e "$output/$name.runtimeconfig.json" ]; then
    continue
  fi

  neural=$((neural + 1))
  for accelerator in auto cuda; do
    start "$output/$name.dll" "$accelerator"
    descriptor=$(curl -fsS "$address/descriptor")
    curl -fsS -o "$work/health" "$address/health" || fail "$name with $accelerator is not healthy."
    stop
    grep -q '"device": *"cpu"' <<<"$descriptor" || fail "$name with $accelerator has another device: $descriptor"
    reason=$(grep -oE 'Networks run on cpu: CUDA does not start here: .*' "$work/log") || fail "$name with $accelerator does not say why: $(cat "$work/log")"
    echo "$name, Accelerator=$accelerator: ${reason:0:160}"
  done
done
if [ "$neural" -eq 0 ]; then
  fail "No converter has the CUDA provider beside it."
fi

build converters/DeepDream
dream artifacts/bin/DeepDream/debug/DeepDream.dll "$work/default.png"
dream "$folder/bin/DeepDream/debug/DeepDream.dll" "$work/cuda.png"
if cmp "$work/default.png" "$work/cuda.png"; then
  echo "DeepDream of the CUDA build dreams on the CPU what the default build does: $(stat -c %s "$work/cuda.png") bytes, the same."
else
  fail "DeepDream of the CUDA build dreams something else than the default build."
fi

if [ "$failed" -eq 0 ]; then
  echo "The CUDA build falls back to the CPU: $neural converters."
fi
exit "$failed"
