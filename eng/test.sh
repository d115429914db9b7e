#!/usr/bin/env bash
# Installs what the tests need, builds everything, checks the format, runs all tests, and ends with the line "N passed, N failed".
# Usage: eng/test.sh [TEST PROJECT ...]   (by default all of them, and the web page's own)
set -euo pipefail
cd "$(dirname "$0")/.."

# A server that Debian starts is not wanted: tests start theirs, on free ports, and stop them.
install() { # packages
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@"
}

# The job store's tests run against this server and against Garnet; Garnet comes with the build.
if ! command -v redis-server >/dev/null; then
  install redis-server
fi

# PostgreSQL comes with the build; a server of the machine's own is the other choice that AddPostgres has.
if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && ! command -v postgres >/dev/null; then
  install postgresql
fi

# Gradients are compared with PyTorch's, under the Python that Debian's package is for.
if ! /usr/bin/python3 -c 'import numpy, torch' 2>/dev/null; then
  install python3-torch python3-numpy
fi

# HEIC pictures are made, and decoded for comparison, by libheif's own programs.
if ! command -v heif-enc >/dev/null; then
  install libheif-examples
fi

# The page is tried in a real browser.
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  install chromium
fi

# Most of what runs here is short-lived: profiles of its code cost more than they bring.
export DOTNET_TieredPGO=0

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# One compiler stays for all projects of the build, and goes with it.
UseSharedCompilation=true dotnet build ImageEditor.sln --nologo
dotnet build-server shutdown --vbcscompiler
dotnet format ImageEditor.sln --no-restore --verify-no-changes
building=$SECONDS

passed=0
failed=0
broken=0
minutes=""

# Adds up what a runner printed; a runner that ended badly without a failed test to show for it is a failure of its own.
count() { # name, exit code, passed, failed
  passed=$((passed + $3))
  failed=$((failed + $4))
  if [ "$2" -ne 0 ] && [ "$4" -eq 0 ]; then
    echo "$1 ended with exit code $2."
    broken=1
  fi
  if [ "$3" -eq 0 ] && [ "$4" -eq 0 ]; then
    echo "$1 ran no test."
    broken=1
  fi
}

took() { # name, seconds
  minutes+=$(printf '%-24s %5.1f min' "$1" "$(awk "BEGIN { print $2 / 60 }")")$'\n'
}

number() { # label, file: the last number that stands after the label
  local value
  value=$(grep -aoE "^ *#? ?$1:? [0-9]+" "$2" | grep -oE '[0-9]+$' | tail -n 1) || value=0
  echo "${value:-0}"
}

if [ $# -gt 0 ]; then
  projects=("$@")
else
  # Quick ones first.
  projects=(Architecture.Tests ServiceDefaults.Tests ConversionManager.Tests Gateway.Tests AuthManager.Tests
    AppHost.Tests Converters.ContractTests Converters.Tests Converters.QualityTests JobManager.Tests StorageManager.Tests
    System.Tests Browser.Tests)
fi

for project in "${projects[@]}"; do
  log="$results/$project.log"
  code=0
  started=$SECONDS
  echo "== $project"
  dotnet "artifacts/bin/$project/debug/$project.dll" --no-ansi --progress off --results-directory "$results" 2>&1 | tee "$log" || code=$?
  count "$project" "$code" "$(number succeeded "$log")" "$(number failed "$log")"
  took "$project" $((SECONDS - started))
done

if [ $# -eq 0 ]; then
  totals="$PWD/$results/WebFrontend.json"
  code=0
  started=$SECONDS
  echo "== WebFrontend"
  (cd services/WebFrontend/app && npm test --silent -- --no-color --reporter=default --reporter=json --outputFile.json="$totals") 2>&1 | tee "$results/WebFrontend.log" || code=$?
  total() { node -p "require('$totals').$1" 2>/dev/null || echo 0; }
  count WebFrontend "$code" "$(total numPassedTests)" "$(total numFailedTests)"
  took WebFrontend $((SECONDS - started))
fi

if [ $((passed + failed)) -eq 0 ]; then
  broken=1
fi

took "build, format" "$building"
took "all of it" "$SECONDS"
printf '\n%s\n' "$minutes"

# Whatever ended badly without a test to its name is counted, so that the last line tells the truth.
failed=$((failed + broken))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
