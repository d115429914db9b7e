#!/usr/bin/env bash
# Tries the largest pictures that are allowed with every quick converter: 50 megapixels as a photo and in 16 bits with alpha, and 300 frames.
# The tests of every day try the photo alone. It takes about ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build ImageEditor.Tests/Converters.ContractTests --nologo -v quiet
IMAGE_EDITOR_TEST_LARGEST=1 dotnet artifacts/bin/Converters.ContractTests/debug/Converters.ContractTests.dll \
  --no-ansi --output Detailed --filter-class "*.LargestPictureTests"
