#!/usr/bin/env bash
# Makes the pictures of the dashboard in docs/pictures anew: starts the system, converts a picture, and takes them in Chromium.
# Usage: eng/dashboard-pictures.sh   (after a build)
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet run --project ImageEditor.Tests/AppHost.Tests --no-build -- --filter-class ImageEditor.AppHost.Tests.DashboardTests
for picture in resources trace metrics console; do
  cp "artifacts/screenshots/dashboard/$picture.jpg" "docs/pictures/dashboard-$picture.jpg"
done
