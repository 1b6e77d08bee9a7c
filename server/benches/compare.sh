#!/usr/bin/env bash
# This server and its peer (server/benches/peer) under the same load, in turns, as Markdown tables: medians of requests
# per second and of the median latency, and the ratio of the former; then the network alone, on one thread, beside
# onnxruntime. Measures what is deployed, the binary of `make dist`. Needs what `scripts/setup.sh bench` installs.
# Usage: server/benches/compare.sh [seconds a run, 8] [rounds, 3]
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

seconds=${1:-8}
rounds=${2:-3}
python="$TRAZO_CACHE/peer/bin/python"

export ADMIN_PASSWORD=benchmark-admin JWT_SECRET_KEY=a-key-for-benchmarks-of-32-bytes-
SERVER="${SERVER:-${CARGO_TARGET_DIR:-target}/dist/server}"
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
failed = collections.Counter()
for line in open(sys.argv[1]):
    what, images, connections, rate, p50, _, _, _, _, _, failures, memory, written, seconds = line.split()
    written = float(written) / (float(rate) * float(seconds))
    runs[what, images, int(connections)].append((float(rate), float(p50), float(memory) / 1000, written))
    failed[what] += int(failures)
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
print(f"\nFailed requests: {failed['ours']} of this server, {failed['peer']} of the peer.")
PYTHON

kill "$server" "$peer"
# Microseconds an image: the classifier's benchmark (criterion) and onnxruntime, in turns.
for _ in $(seq "$rounds"); do
    cargo bench --quiet --workspace --exclude frontend --features classifier/mnist --bench network -- flex \
        --noplot --warm-up-time 1 --measurement-time 3 >>"$folder/bench.log" 2>&1
    "$python" - "$folder/digits.onnx" "${CARGO_TARGET_DIR:-target}/criterion/network/flex" >>"$folder/network" <<'PYTHON'
import json, sys, time
import numpy, onnxruntime

for batch in (1, 32):
    sample = json.load(open(f"{sys.argv[2]}/{batch}/new/sample.json"))
    for count, nanoseconds in zip(sample["iters"], sample["times"]):
        print("ours", batch, nanoseconds / count / batch / 1e3)

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
    # As long as the samples of criterion, so that both best ones are means of many runs.
    runs = max(1, len(times) // 100)
    for start in range(0, len(times) - runs + 1, runs):
        print("peer", batch, sum(times[start : start + runs]) / runs / batch * 1e6)
PYTHON
done
"$python" - "$folder/network" <<'PYTHON'
import collections, statistics, sys

times = collections.defaultdict(list)
for line in open(sys.argv[1]):
    what, batch, time = line.split()
    times[what, int(batch)].append(float(time))
print("\n| Batch | The network, microseconds an image: best, median | onnxruntime, one thread: best, median | Ratio of the best | of the medians |")
print("|---:|---:|---:|---:|---:|")
for batch in (1, 32):
    (best, middle), (peer_best, peer_middle) = (
        (min(times[what, batch]), statistics.median(times[what, batch])) for what in ("ours", "peer")
    )
    print(f"| {batch} | {best:.0f}, {middle:.0f} | {peer_best:.0f}, {peer_middle:.0f} | {best / peer_best:.2f} | {middle / peer_middle:.2f} |")
PYTHON
