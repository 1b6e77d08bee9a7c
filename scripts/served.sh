# shellcheck shell=bash
# Sourced by scripts that ask a running server: starts $SERVER, by default the release binary, on a free port, with data of
# its own and no limits, waits until it is ready, and stops it when the script ends. ADMIN_PASSWORD is the script's to
# export.
# Sets: address (http://…), folder (its log is folder/log; gone afterwards).

folder=$(mktemp -d)
HOST=127.0.0.1 PORT=0 DATA_DIR="$folder/data" LOG_DIR="$folder/logs" RATELIMIT_ENABLED=false \
    "${SERVER:-${CARGO_TARGET_DIR:-target}/release/server}" >"$folder/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

address=
until [ -n "$address" ]; do
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
    address=$(sed -n 's/.*Escuchando en //p' "$folder/log")
done
until curl --silent --fail "$address/health/ready" >/dev/null; do sleep 0.1; done
