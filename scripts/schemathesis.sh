#!/usr/bin/env bash
# Tests a running server against its OpenAPI description with schemathesis: valid and invalid requests to every route.
# Usage: scripts/schemathesis.sh [maximum seconds, 60]
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
