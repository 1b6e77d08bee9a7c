#!/usr/bin/env bash
# Requests per second and latency of one, two and three servers on one Postgres, as a Markdown table. The load is spread over
# the servers by one wrk for each. Needs wrk and Postgres; all share the processors of this machine.
# Usage: server/benches/fleet.sh [whole seconds a row, 10] [rounds, 3]
# REDIS_URL=redis://… puts the quotas there, and sets ones that nobody reaches.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -n "${TEST_DATABASE_URL:-}" ] || exec scripts/postgres.sh "$0" "$@"

seconds=${1:-10}
rounds=${2:-3}
export ADMIN_PASSWORD=benchmark-admin DATABASE_URL=$TEST_DATABASE_URL
limits=(RATELIMIT_ENABLED=false)
[ -z "${REDIS_URL:-}" ] || limits=(RATELIMIT_STORAGE_URL="$REDIS_URL" RATELIMIT_PREDICT="1000000000 per day"
    RATELIMIT_FLOOD="1000000 per second")
folder=$(mktemp -d)
servers=()
stop() {
    rm -f "$folder"/row*
    kill "${servers[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    servers=()
}
trap 'stop; rm -rf "$folder"' EXIT

# The address of the server with this number, which is started: started NUMBER
started() {
    local log="$folder/log$1" address=
    : >"$log"
    env "${limits[@]}" HOST=127.0.0.1 PORT=0 DATA_DIR="$folder/data" LOG_DIR="$folder/logs$1" \
        "${SERVER:-${CARGO_TARGET_DIR:-target}/release/server}" >"$log" 2>&1 &
    servers+=($!)
    until [ -n "$address" ]; do
        kill -0 "${servers[-1]}" || { cat "$log" >&2; exit 1; }
        sleep 0.1
        address=$(sed -n 's/.*Escuchando en //p' "$log")
    done
    until curl --silent --fail "$address/health/ready" >/dev/null; do sleep 0.1; done
    addresses+=("$address")
}

# Loads all servers at once, with 32 connections in all, and leaves a row of each in the folder: measure SECONDS
measure() {
    local number each=$((32 / ${#addresses[@]})) jobs=()
    for number in "${!addresses[@]}"; do
        load "${addresses[number]}" distinct "$each" "$1" >"$folder/row$number" &
        jobs+=($!)
    done
    wait "${jobs[@]}"
}

echo "| Servers | Requests/s | p50 | p99 | Failed |"
echo "|---:|---:|---:|---:|---:|"
for count in 1 2 3; do
    addresses=()
    for ((number = 0; number < count; number++)); do started "$number"; done
    address=${addresses[0]}
    # shellcheck source=server/benches/wrk.sh
    . server/benches/wrk.sh
    measure 2 # warm
    # The median of the rounds by requests per second; the worst p50 and p99 of the servers.
    for ((round = 0; round < rounds; round++)); do
        measure "$seconds"
        cat "$folder"/row* | awk -F ' *[|] *' '
            { rate += $1; p50 = $2 + 0 > p50 ? $2 + 0 : p50; p99 = $4 + 0 > p99 ? $4 + 0 : p99; failed += $5 }
            END { printf "%.0f %.2f %.2f %d\n", rate, p50, p99, failed }'
    done | sort -n | awk -v servers="$count" '
        { row[NR] = $0; failed += $4 }
        END { split(row[int((NR + 1) / 2)], cell, " ")
              printf "| %d | %d | %s ms | %s ms | %d |\n", servers, cell[1], cell[2], cell[3], failed }'
    stop
done
