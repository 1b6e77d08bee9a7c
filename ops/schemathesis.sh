#!/usr/bin/env bash
# Holds a running server to its own description: schemathesis asks every route what it says it takes, and what not.
# Usage: ops/schemathesis.sh [seconds it may take, 60]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ops/env.sh
. ops/env.sh

folder=$(mktemp -d)
export ADMIN_PASSWORD=schemathesis-admin
HOST=127.0.0.1 PORT=0 DATA_DIR="$folder/data" RATELIMIT_ENABLED=false \
    "${CARGO_TARGET_DIR:-target}/release/server" >"$folder/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

address=
until [ -n "$address" ]; do
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
    address=$(sed -n 's/.*Escuchando en //p' "$folder/log")
done
until curl --silent --fail "$address/health/ready" >/dev/null; do sleep 0.1; done

"$TRAZO_CACHE/tools/schemathesis/bin/schemathesis" --config-file ops/schemathesis.toml \
    run "$address/api/openapi.json" --checks all --max-time "${1:-60}" || failed=$?
# A failure of the server's own has its cause in the log.
if grep ' - ERROR - ' "$folder/log" >&2; then failed=1; fi
exit "${failed:-0}"
