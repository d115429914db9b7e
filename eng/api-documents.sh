#!/usr/bin/env bash
# Fetches the services' OpenAPI documents from the running system: the web app's types come from them.
# Usage: eng/api-documents.sh [ADDRESS]   (by default http://localhost:8080)
set -euo pipefail
cd "$(dirname "$0")/.."

for service in conversion-manager job-manager storage-manager auth-manager; do
  curl -fsS "${1:-http://localhost:8080}/openapi/$service/public.json" -o "services/WebFrontend/openapi/$service.json"
done
