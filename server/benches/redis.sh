#!/usr/bin/env bash
# What it costs a request that its limits are counted in Redis: POST /predict with cached images, on three release servers in
# turns, without limits, with limits in the process, and with limits in a Redis on this machine. Prints Markdown tables with
# the medians of the rounds. Needs wrk and redis-server.
# Usage: server/benches/redis.sh [whole seconds a measurement, 5] [rounds, 5]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
rounds=${2:-5}
export ADMIN_PASSWORD=benchmark-admin
kinds=(none memory redis)
declare -A addresses

folder=$(mktemp -d)
processes=()
trap 'kill "${processes[@]}" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$folder"' EXIT

# By TCP, as from another machine. Redis says so and ends if the port is taken.
port=$((20000 + RANDOM % 10000))
redis-server --bind 127.0.0.1 --port "$port" --save "" --appendonly no >"$folder/redis-server.log" &
processes+=($!)
until grep -q "accept connections" "$folder/redis-server.log"; do
    kill -0 "${processes[0]}" || { cat "$folder/redis-server.log" >&2; exit 1; }
    sleep 0.1
done

# serve KIND VARIABLE=VALUE...
serve() {
    local kind=$1 server
    shift
    env HOST=127.0.0.1 PORT=0 DATA_DIR="$folder/$kind/data" LOG_DIR="$folder/$kind/logs" "$@" \
        RATELIMIT_DEFAULT="1000000 per day" RATELIMIT_PREDICT="1000000000 per day" RATELIMIT_FLOOD="1000000 per second" \
        "${SERVER:-${CARGO_TARGET_DIR:-target}/release/server}" >"$folder/$kind.log" 2>&1 &
    server=$!
    processes+=("$server")
    addresses[$kind]=
    until [ -n "${addresses[$kind]}" ]; do
        kill -0 "$server" || { cat "$folder/$kind.log" >&2; exit 1; }
        sleep 0.1
        addresses[$kind]=$(sed -n 's/.*Escuchando en //p' "$folder/$kind.log")
    done
    until curl --silent --fail "${addresses[$kind]}/health/ready" >/dev/null; do sleep 0.1; done
}
serve none RATELIMIT_ENABLED=false
serve memory RATELIMIT_STORAGE_URL=memory://
serve redis RATELIMIT_STORAGE_URL="redis://127.0.0.1:$port"

# Middle of the numbers on standard input.
median() { sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

# measure KIND CONNECTIONS SECONDS: adds a line "requests/s p50" to a file of both.
measure() {
    address=${addresses[$1]}
    # shellcheck source=server/benches/wrk.sh
    . server/benches/wrk.sh
    load "$address" cached "$2" "$3" | awk -F ' [|] ' '{ sub(/ ms/, "", $2); print $1, $2, $5 }' >>"$folder/$1-$2"
}

for kind in "${kinds[@]}"; do
    measure "$kind" 8 2
    rm "$folder/$kind-8"
done
echo "| Connections | Limits in | Requests/s | p50 | Failed |"
echo "|---:|---|---:|---:|---:|"
for connections in 1 8 32; do
    for _ in $(seq "$rounds"); do
        for kind in "${kinds[@]}"; do measure "$kind" "$connections" "$seconds"; done
    done
    for kind in "${kinds[@]}"; do
        file="$folder/$kind-$connections"
        rate=$(cut -d ' ' -f 1 "$file" | median)
        p50=$(cut -d ' ' -f 2 "$file" | median)
        failed=$(awk '{ sum += $3 } END { print sum + 0 }' "$file")
        echo "| $connections | $kind | $rate | $p50 ms | $failed |"
        echo "$p50" >"$file-median"
    done
done
echo
for connections in 1 8 32; do
    paste "$folder/memory-$connections-median" "$folder/redis-$connections-median" |
        awk -v n="$connections" '{ printf "Redis costs %.2f ms at the median with %d connections.\n", $2 - $1, n }'
done
# A fallback to the process would have been measured instead.
if grep -q "Redis no responde" "$folder/redis.log" "$folder/redis/logs/"*; then
    echo "Redis was away meanwhile: the figures are not those of Redis" >&2
    exit 1
fi
