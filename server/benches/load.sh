#!/usr/bin/env bash
# Requests per second and latency of the release server, as a Markdown table; needs wrk (apt-get install wrk).
# Usage: server/benches/load.sh [seconds a row, 10]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-10}
export ADMIN_PASSWORD=benchmark-admin
# shellcheck source=scripts/served.sh
. scripts/served.sh

# shellcheck source=server/benches/wrk.sh
. server/benches/wrk.sh

load "$address" distinct 8 2 >/dev/null # warm
echo "| Images | Connections | Requests/s | p50 | p95 | p99 | Failed |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for images in distinct cached; do
  for connections in 1 8 32; do
    echo "| $images | $connections | $(load "$address" "$images" "$connections" "$seconds")"
  done
done
