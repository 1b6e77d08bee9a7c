#!/usr/bin/env bash
# This server and its peer (server/benches/peer) under the same load, in turns, as a Markdown table: medians of requests
# per second and of the median latency, and the ratio of the former. Needs what
# `scripts/setup.sh bench` installs.
# Usage: server/benches/compare.sh [seconds a run, 8] [rounds, 3]
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

seconds=${1:-8}
rounds=${2:-3}
python="$TRAZO_CACHE/peer/bin/python"

export ADMIN_PASSWORD=benchmark-admin JWT_SECRET_KEY=a-key-for-benchmarks-of-32-bytes-
# shellcheck source=scripts/served.sh
. scripts/served.sh
"$python" scripts/export_onnx.py "$folder/digits.onnx"
port=$((20000 + RANDOM % 20000))
TOKEN_KEY=$JWT_SECRET_KEY MODEL="$folder/digits.onnx" "$python" -m uvicorn app:app --app-dir server/benches/peer \
    --host 127.0.0.1 --port "$port" --workers 2 --no-access-log >"$folder/peer.log" 2>&1 &
peer=$!
trap 'kill "$server" "$peer" 2>/dev/null; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
until curl --silent --output "$folder/docs" --fail "http://127.0.0.1:$port/docs"; do
    kill -0 "$peer" || { cat "$folder/peer.log" >&2; exit 1; }
    sleep 0.2
done

# shellcheck source=server/benches/wrk.sh
. server/benches/wrk.sh
row() { # what, images, connections: adds a line to $folder/rows
    local target=$address
    [ "$1" = ours ] || target="http://127.0.0.1:$port"
    echo "$1 $2 $3 $(load "$target" "$2" "$3" "$seconds" | tr -d '|')" >>"$folder/rows"
}
load "$address" distinct 8 2 >"$folder/warm"
load "http://127.0.0.1:$port" distinct 8 2 >"$folder/warm"
for _ in $(seq "$rounds"); do
    for connections in 1 8 32 128; do
        row ours distinct "$connections"
        row peer distinct "$connections"
    done
    row ours cached 32
done

"$python" - "$folder/rows" <<'PYTHON'
import collections, statistics, sys

runs = collections.defaultdict(list)
failed = 0
for line in open(sys.argv[1]):
    what, images, connections, rate, p50, unit, *rest = line.split()
    runs[what, images, int(connections)].append((float(rate), float(p50)))
    failed += int(rest[-1])
median = {key: [statistics.median(values) for values in zip(*found)] for key, found in runs.items()}
print("| Images | Connections | This server, requests/s (p50) | FastAPI + onnxruntime | Ratio |")
print("|---|---:|---:|---:|---:|")
for (what, images, connections), (rate, p50) in sorted(median.items(), key=lambda item: (item[0][1] == "cached", item[0][2])):
    if what != "ours":
        continue
    if ("peer", images, connections) in median:
        peer_rate, peer_p50 = median["peer", images, connections]
        peer, ratio = f"{peer_rate:,.0f} ({peer_p50:.2f} ms)", f"{rate / peer_rate:.2f}"
    else:
        peer = ratio = "–"
    print(f"| {images} | {connections} | {rate:,.0f} ({p50:.2f} ms) | {peer} | {ratio} |")
print(f"\nFailed requests: {failed}.")
PYTHON
