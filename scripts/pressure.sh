#!/usr/bin/env bash
# Runs the pressure tests in their long form, which takes some two hours, and writes what they measured into the table of
# docs/reliability.md. Needs what `make build` builds. PROFILE=dist measures what is deployed.
# Usage: scripts/pressure.sh [filter of nextest: test(kills)]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

table=docs/reliability.md
output=$(mktemp)
trap 'rm -f "$output"' EXIT
export PRESSURE=long
# Tests of Postgres stop and start a server of their own.
unset TEST_DATABASE_URL
profile=${PROFILE:-release}

cargo nextest run --profile pressure --cargo-profile "$profile" --workspace --exclude frontend \
    --features classifier/mnist --test pressure --no-capture --no-fail-fast --filterset "${1:-all()}" |
    tee --append "$output" || failed=$?
if [ -z "${1:-}" ]; then
    npm --prefix end2end test -- status-memory --reporter line | tee --append "$output" || failed=$?
    seconds=600
    if SERVER="${CARGO_TARGET_DIR:-target}/$profile/server" scripts/schemathesis.sh "$seconds"; then
        verdict=met
    else
        verdict=failed failed=1
    fi
    echo "| schemathesis, all checks | at most $seconds s | $verdict |" >>"$output"
fi

# A row `| test | figures | verdict |` replaces these cells of the row `| test | to be | figures | verdict |`. Progress and
# colours may stand before it.
sed -n 's/.*\(| [^|]* | [^|]* | [^|]* |\)$/\1/p' "$output" >"$output.rows"
awk -F ' *[|] *' '
    NR == FNR { figures[$2] = $3; verdicts[$2] = $4; next }
    /^[|]/ && $2 in figures { print "| " $2 " | " $3 " | " figures[$2] " | " verdicts[$2] " |"; delete figures[$2]; next }
    { print }
    END { for (test in figures) { print "no row for " test > "/dev/stderr"; missing = 1 } exit missing }
' "$output.rows" "$table" >"$output.table" || failed=$?
cp "$output.table" "$table"
rm -f "$output.rows" "$output.table"
grep '^|' "$table"
exit "${failed:-0}"
