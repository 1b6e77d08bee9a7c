#!/usr/bin/env bash
# This server and its peer (server/benches/peer) under the same load, in turns, as Markdown tables: medians of requests
# per second and of the median latency, and the ratio of the former; then the network alone, on one thread, beside
# onnxruntime. Needs what `scripts/setup.sh bench` installs.
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
    local before row
    before=$(written)
    row=$(load "$target" "$2" "$3" "$seconds" | tr -d '|')
    echo "$1 $2 $3 $row $(memory) $(($(written) - before)) $seconds" >>"$folder/rows"
}
# The memory of the server, and the bytes that it has written, in kB.
memory() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status"; }
written() { awk '/^write_bytes/ { printf "%.0f", $2 / 1024 }' "/proc/$server/io"; }
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
    what, images, connections, rate, p50, _, _, _, _, _, failures, memory, written, seconds = line.split()
    written = float(written) / (float(rate) * float(seconds))
    runs[what, images, int(connections)].append((float(rate), float(p50), float(memory) / 1000, written))
    failed += int(failures)
median = {key: [statistics.median(values) for values in zip(*found)] for key, found in runs.items()}
print("| Images | Connections | This server, requests/s (p50) | FastAPI + onnxruntime | Ratio | Memory | Written a prediction |")
print("|---|---:|---:|---:|---:|---:|---:|")
for (what, images, connections), (rate, p50, memory, written) in sorted(median.items(), key=lambda item: (item[0][1] == "cached", item[0][2])):
    if what != "ours":
        continue
    if ("peer", images, connections) in median:
        peer_rate, peer_p50, _, _ = median["peer", images, connections]
        peer, ratio = f"{peer_rate:,.0f} ({peer_p50:.2f} ms)", f"{rate / peer_rate:.2f}"
    else:
        peer = ratio = "–"
    print(f"| {images} | {connections} | {rate:,.0f} ({p50:.2f} ms) | {peer} | {ratio} | {memory:.0f} MB | {written:.1f} kB |")
print(f"\nFailed requests: {failed}.")
PYTHON

kill "$server" "$peer"
# Microseconds an image: the classifier's benchmark (criterion) and onnxruntime, in turns.
for _ in $(seq "$rounds"); do
    cargo bench --quiet --workspace --exclude frontend --features classifier/mnist --bench network -- flex \
        --noplot --warm-up-time 1 --measurement-time 3 2>>"$folder/bench.log" |
        awk '/^network\/flex\/[0-9]+/ { batch = $1; sub(/.*\//, "", batch) }
            /time:/ { sub(/.*\[/, ""); unit = $4 == "ms" ? 1000 : 1; print "ours", batch, $3 * unit / batch }' >>"$folder/network"
    "$python" - "$folder/digits.onnx" >>"$folder/network" <<'PYTHON'
import sys, time
import numpy, onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
for batch in (1, 32):
    images = {"image": numpy.random.default_rng(1).random((batch, 1, 28, 28), dtype=numpy.float32)}
    times = []
    end = time.perf_counter() + 4
    while (start := time.perf_counter()) < end:
        session.run(None, images)
        times.append(time.perf_counter() - start)
    print("peer", batch, sorted(times)[len(times) // 2] / batch * 1e6)
PYTHON
done
"$python" - "$folder/network" <<'PYTHON'
import collections, statistics, sys

times = collections.defaultdict(list)
for line in open(sys.argv[1]):
    what, batch, time = line.split()
    times[what, int(batch)].append(float(time))
print("\n| Batch | The network, microseconds an image | onnxruntime, one thread | Ratio |")
print("|---:|---:|---:|---:|")
for batch in (1, 32):
    ours, peer = (statistics.median(times[what, batch]) for what in ("ours", "peer"))
    print(f"| {batch} | {ours:.0f} | {peer:.0f} | {ours / peer:.2f} |")
PYTHON
