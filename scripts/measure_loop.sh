#!/usr/bin/env bash
# Measures the two development loops, each several times, and prints a Markdown table of seconds:
# - a component's text is changed until `make watch` serves the page and its WASM with the new text;
# - a server file is changed until `make unit T=login` has run.
# Usage: scripts/measure_loop.sh [rounds, 3]. The first builds aren't counted. It restores the files that it changes.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

rounds=${1:-3}
text='Dibuja un dígito y Trazo lo lee' # the heading of `/`
component=$(git grep --files-with-matches --fixed-strings "\"$text\"" -- 'app/src/*.rs' | head -n 1)
log_text='No se pudo saber quién mira la página' # in the server's log, when the database fails
source=$(git grep --files-with-matches --fixed-strings "$log_text" -- 'server/src/*.rs' | head -n 1)

folder=$(mktemp -d)
cp "$component" "$folder/component"
cp "$source" "$folder/source"
make= # while `make watch` runs, its process, and cargo-leptos' below it
watcher=
stop_watching() {
    [ -n "$make" ] || return 0
    # cargo-leptos ends its server.
    kill -INT "$watcher" 2>/dev/null || true
    wait "$make" 2>/dev/null || true
    make=
}
finish() {
    cp "$folder/component" "$component"
    cp "$folder/source" "$source"
    stop_watching
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$((20000 + RANDOM % 20000))
address="http://127.0.0.1:$port"
now() { date +%s.%N; }
since() { printf '%.1f' "$(echo "$(now) - $1" | bc)"; }
# User and system time of a process and of the children that it has waited for.
cpu() { awk -v hertz="$(getconf CLK_TCK)" '{ printf "%.1f", ($14 + $15 + $16 + $17) / hertz }' "/proc/$1/stat" 2>/dev/null || echo 0; }
served() {
    kill -0 "$watcher" || { tail -n 40 "$folder/log" >&2; exit 1; }
    holds / "$1" && holds /pkg/trazo.wasm "$1"
}
# Counted, not `--quiet`, which would end before curl does.
holds() { [ "$(curl --silent "$address$1" | grep --count --text --fixed-strings "$2")" != 0 ]; }

echo "| Loop | Round | Seconds | CPU seconds |"
echo "|---|---:|---:|---:|"

HOST=127.0.0.1 PORT=$port LEPTOS_RELOAD_PORT=$((port + 1)) DATA_DIR="$folder/data" LOG_DIR="$folder/logs" \
    make --no-print-directory watch >"$folder/log" 2>&1 &
make=$!
watcher=$make
until served "$text"; do sleep 1; done
watcher=$(pgrep --parent "$make" || echo "$make")
for round in $(seq "$rounds"); do
    new="$text ($round)"
    before=$(cpu "$watcher")
    started=$(now)
    sed "s/$text/$new/" "$folder/component" >"$component"
    until served "$new"; do sleep 0.1; done
    echo "| component's text to browser | $round | $(since "$started") | $(echo "$(cpu "$watcher") - $before" | bc) |"
done
cp "$folder/component" "$component"
stop_watching

run_tests() { make --no-print-directory unit T=login >"$folder/log" 2>&1 || { tail -n 40 "$folder/log" >&2; exit 1; }; }
run_tests
for round in $(seq "$rounds"); do
    sed "s/$log_text/$log_text ($round)/" "$folder/source" >"$source"
    started=$(now)
    before=$(cpu $$)
    run_tests
    echo "| server file to its tests run | $round | $(since "$started") | $(echo "$(cpu $$) - $before" | bc) |"
done
