#!/usr/bin/env bash
# The quick check before a commit, about two minutes when little has changed: builds all, then checks the format of what changed,
# the architecture, the tests of the services' classes (those of accounts start a PostgreSQL) and the web app. Usage: eng/verify.sh
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build ImageEditor.sln --nologo -v quiet

# Without an upstream branch, only what is not committed yet.
base=HEAD
if git rev-parse --verify --quiet '@{upstream}' >/dev/null; then
  base=$(git merge-base HEAD '@{upstream}')
fi
mapfile -t changed < <({ git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } | { grep '\.cs$' || [ $? -eq 1 ]; } | sort -u)
if [ ${#changed[@]} -gt 0 ]; then
  dotnet format ImageEditor.sln --no-restore --verify-no-changes --include "${changed[@]}"
fi

for project in Architecture.Tests ServiceDefaults.Tests ConversionManager.Tests Gateway.Tests AuthManager.Tests; do
  dotnet "artifacts/bin/$project/debug/$project.dll" --no-ansi --progress off
done
(cd services/WebFrontend/app && npm test --silent)
node eng/third-party-notices.mjs --check
echo "All checks passed."
