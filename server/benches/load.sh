#!/usr/bin/env bash
# Requests a second and latency of the release server, as a Markdown table; needs wrk (apt-get install wrk).
# Usage: server/benches/load.sh [seconds a row, 10]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-10}
target=${CARGO_TARGET_DIR:-target}
folder=$(mktemp -d)
log="$folder/log"
PORT=0 DATA_DIR="$folder/data" RATELIMIT_ENABLED=false ADMIN_PASSWORD=benchmark-admin "$target/release/server" >"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

address=
until [ -n "$address" ]; do
  kill -0 "$server" || { cat "$log" >&2; exit 1; }
  sleep 0.1
  address=$(sed -n 's/.*Escuchando en //p' "$log")
done
until curl -sf "$address/health/ready" >/dev/null; do sleep 0.1; done

token=$(curl --silent --fail --header 'Content-Type: application/json' \
  --data '{"username":"admin","password":"benchmark-admin"}' "$address/login" |
  sed 's/.*"access_token":"\([^"]*\)".*/\1/')

load() { # distinct|cached, connections, seconds
  wrk --threads 1 --connections "$2" --duration "$3s" --latency \
    --header "Authorization: Bearer $token" --script server/benches/load.lua "$address/predict" -- "$1" server/benches/digits
}

load distinct 8 2 >/dev/null # warm
echo "| Images | Connections | Requests/s | p50 | p95 | p99 | Failed |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for images in distinct cached; do
  for connections in 1 8 32; do
    echo "| $images | $connections | $(load "$images" "$connections" "$seconds" | sed -n 's/^ROW //p')"
  done
done
