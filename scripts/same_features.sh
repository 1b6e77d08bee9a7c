#!/usr/bin/env bash
# Fails where the server alone is compiled with other features of its dependencies than with its tests: those, and all
# that stands on them, would be compiled twice. Usage: scripts/same_features.sh CARGO_OPTION... (those of the tests)
set -euo pipefail
cd "$(dirname "$0")/.."

# Each package with its features, a line each.
features() { cargo tree --locked --prefix none --format '{p} {f}' "$@" | sed 's/ (\*)$//' | sort -u; }

# One without a line in `make unit`'s list.
only_alone=$(comm -23 \
    <(features --package server --features classifier/mnist --edges normal,build) \
    <(features "$@" --edges normal,build,dev))
if [ -n "$only_alone" ]; then
    echo "compiled twice, for the server and for its tests; name the features in Cargo.toml (docs/adr/0012-build-times.md):" >&2
    echo "$only_alone" >&2
    exit 1
fi
