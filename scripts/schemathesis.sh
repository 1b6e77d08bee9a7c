#!/usr/bin/env bash
# Holds a running server to its own description: schemathesis asks every route what it says it takes, and what not.
# Usage: scripts/schemathesis.sh [seconds it may take, 60]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

export ADMIN_PASSWORD=schemathesis-admin
# shellcheck source=scripts/served.sh
. scripts/served.sh

schemathesis --config-file scripts/schemathesis.toml \
    run "$address/api/openapi.json" --checks all --max-time "${1:-60}" || failed=$?
# A failure of the server's own has its cause in the log.
if grep ' - ERROR - ' "$folder/log" >&2; then failed=1; fi
exit "${failed:-0}"
