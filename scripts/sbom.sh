#!/usr/bin/env bash
# Writes what the server and the page are made of, in CycloneDX: target/sbom/server.cdx.json, target/sbom/frontend.cdx.json.
# The same commit gives the same files.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

# cargo-cyclonedx writes a file beside the manifest of every member of the workspace.
remove() { find . -mindepth 2 -maxdepth 2 -name '*.cdx.json' -delete; }
trap remove EXIT

mkdir -p target/sbom
# describe CRATE [OPTION...]
describe() {
    cargo cyclonedx --quiet --format json --spec-version 1.5 "${@:2}"
    mv "$1/$1.cdx.json" target/sbom/
}
describe server
describe frontend --target wasm32-unknown-unknown
printf '%s\n' target/sbom/*.cdx.json
