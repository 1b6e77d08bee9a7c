#!/usr/bin/env bash
# /predict with 32 connections on a server without history and on one with many rows of it, in turns: a Markdown table of
# medians, and their ratio. On SQLite, with the release server or $SERVER. Needs wrk and python3; 10,000,000 rows take
# 4 GB of disk and 2 minutes.
# Usage: server/benches/history.sh [whole seconds a measurement, 5] [rows, 10000000] [rounds, 7]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
rows=${2:-10000000}
rounds=${3:-7}

export ADMIN_PASSWORD=benchmark-admin JWT_SECRET_KEY=a-key-for-benchmarks-of-32-bytes-
# shellcheck source=scripts/served.sh
. scripts/served.sh
# shellcheck source=server/benches/wrk.sh
. server/benches/wrk.sh
empty=$address empty_token=$token empty_server=$server empty_folder=$folder
# shellcheck source=scripts/served.sh
. scripts/served.sh
trap 'kill "$server" "$empty_server" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$folder" "$empty_folder"' EXIT
# shellcheck source=server/benches/wrk.sh
. server/benches/wrk.sh
full=$address full_token=$token

TOKEN=$token ADDRESS=$address DATABASE="$folder/data/trazo.db" SECONDS_EACH=$seconds \
    python3 server/benches/growth.py fill-history "$rows"
measure() { # name, address, token: adds a line to $folder/rows, unless the name is empty
    local token=$3 row
    row=$(load "$2" distinct 32 "$seconds" | tr -d '|')
    [ -z "$1" ] || echo "$1 $row" >>"$folder/rows"
}
measure '' "$empty" "$empty_token"
measure '' "$full" "$full_token"
for _ in $(seq "$rounds"); do
    measure empty "$empty" "$empty_token"
    measure full "$full" "$full_token"
done
python3 - "$folder/rows" "$rows" <<'PYTHON'
import collections, statistics, sys

runs = collections.defaultdict(list)
for line in open(sys.argv[1]):
    name, rate, p50, *_ = line.split()
    runs[name].append(float(rate))
empty, full = (statistics.median(runs[name]) for name in ("empty", "full"))
print("| Rows | Requests/s, median (lowest to highest) |\n|---:|---:|")
for rows, name in (("0", "empty"), (sys.argv[2], "full")):
    print(f"| {rows} | {statistics.median(runs[name]):,.0f} ({min(runs[name]):,.0f} to {max(runs[name]):,.0f}) |")
print(f"\nRatio of the medians: {full / empty:.2f}")
PYTHON
