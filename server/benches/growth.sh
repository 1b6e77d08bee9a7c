#!/usr/bin/env bash
# How the cost of a request grows with the history, accounts, sessions, connections and the size of an image: Markdown
# tables. On SQLite, with the release server. Needs wrk and python3, and 5 GB of disk for the default sizes, which take
# about 10 minutes.
# Usage: server/benches/growth.sh [whole seconds a measurement, 5] [largest history, 10000000] [most accounts, 1000000]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
most_rows=${2:-10000000}
most_users=${3:-1000000}

export ADMIN_PASSWORD=benchmark-admin JWT_SECRET_KEY=a-key-for-benchmarks-of-32-bytes-
# shellcheck source=scripts/served.sh
. scripts/served.sh
# shellcheck source=server/benches/wrk.sh
. server/benches/wrk.sh

export TOKEN=$token SECONDS_EACH=$seconds ADDRESS=$address DATABASE="$folder/data/trazo.db"
growth() { python3 server/benches/growth.py "$@"; }
# Powers of ten from $1 to $2, each the multiple $3 of the one before.
sizes() { for ((size = $1; size < $2; size *= $3)); do echo "$size"; done; echo "$2"; }

load "$address" distinct 8 2 >"$folder/warm"

echo "Rows of history, /predict with 32 connections, and a user's history of a hundredth of the rows:"
echo
echo "| Rows | Requests/s | p50 | p95 | p99 | Failed | First page | Page in the middle, by cursor | by number |"
echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
for rows in 0 $(sizes 100000 "$most_rows" 100); do
    growth fill-history "$rows"
    echo "| $rows | $(load "$address" distinct 32 "$seconds") $(growth time-history)"
done

echo
echo "Accounts, and the admin's list of them, 20 a page:"
echo
echo "| Accounts | First page | In the middle, by cursor | by number | By last login, by cursor | Of a role, by name | Search |"
echo "|---:|---:|---:|---:|---:|---:|---:|"
for users in $(sizes 1000 "$most_users" 10); do
    growth fill-users "$users"
    echo "| $users | $(growth time-users)"
done

echo
echo "Sessions that send requests in turns (GET /api/me, 1 connection); 10,000 are remembered:"
echo
echo "| Sessions | Median |"
echo "|---:|---:|"
for sessions in 1 $(sizes 1000 "$most_users" 100); do
    echo "| $sessions | $(growth time-sessions "$sessions")"
done

echo
echo "Connections, /predict:"
echo
echo "| Connections | Requests/s | p50 | p95 | p99 | Failed |"
echo "|---:|---:|---:|---:|---:|---:|"
for connections in 1 4 16 64 256 1024; do
    echo "| $connections | $(load "$address" distinct "$connections" "$seconds")"
done

echo
echo "Size of an image, /predict with 1 connection:"
echo
echo "| Pixels | Median | ns a pixel |"
echo "|---:|---:|---:|"
for side in 28 112 448 1792 4096; do
    echo "| $side x $side | $(growth time-image "$side")"
done
