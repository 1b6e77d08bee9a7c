#!/usr/bin/env bash
# Retrains the shipped network with the corrections that admins have agreed to: `make train CORRECTIONS=…`. They are a data
# set as the server exports it (an archive, or a folder), or where to export one from: the URL of a database, or a data
# folder with an SQLite database. Usage: scripts/retrain.sh CORRECTIONS OPTION... (those of the program `retrain`)
set -euo pipefail
corrections=$1
shift
data_set=target/corrections.tar

# The files that the retraining reads, of a folder that the server has written.
pack() {
    mkdir -p target
    tar --create --file "$data_set" --directory "$1" \
        card.json train-images-idx3-ubyte train-labels-idx1-ubyte none-images-idx3-ubyte
}

# From the database with this URL.
export_from() {
    rm -rf target/corrections
    DATABASE_URL=$1 "${CARGO_TARGET_DIR:-target}/release/server" export-corrections --to target/corrections
    pack target/corrections
}

case $corrections in
sqlite:* | postgres://* | postgresql://*) export_from "$corrections" ;;
*)
    if [ -f "$corrections" ]; then
        data_set=$corrections
    elif [ -f "$corrections/card.json" ]; then
        pack "$corrections"
    elif [ -f "$corrections/trazo.db" ]; then
        export_from "sqlite://$corrections/trazo.db"
    else
        echo "$corrections: no data set, no data folder with trazo.db, and no URL of a database" >&2
        exit 2
    fi
    ;;
esac
exec cargo run --release --package classifier --features train --bin retrain -- --corrections "$data_set" "$@"
