#!/usr/bin/env bash
# Runs a command beside a Postgres server of its own, whose address is in TEST_DATABASE_URL: scripts/postgres.sh COMMAND…
# Where TEST_DATABASE_URL names a server already, that one is used and none is started.
set -euo pipefail

[ $# -gt 0 ] || { echo "use: scripts/postgres.sh COMMAND..." >&2; exit 2; }
[ -z "${TEST_DATABASE_URL:-}" ] || exec "$@"

# Debian keeps its programs out of PATH; the newest version counts.
programs=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1 || true)
PATH="${programs:+$programs:}$PATH"
command -v initdb >/dev/null || { echo "Postgres is missing: scripts/setup.sh test installs it" >&2; exit 1; }

folder=$(mktemp -d)
# Postgres refuses to run as root; Debian's package makes a user for it.
as_owner=()
if [ "$(id -u)" = 0 ]; then
    as_owner=(runuser -u postgres --)
    chown postgres "$folder"
fi
in_folder() { (cd "$folder" && "${as_owner[@]}" env PATH="$PATH" "$@"); }
stop() {
    [ ! -f "$folder/data/postmaster.pid" ] || in_folder pg_ctl stop --pgdata=data --mode=immediate >/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT
# So that the trap runs then too.
trap 'exit 130' INT
trap 'exit 143' TERM

# Sorting as Spanish does: what has to be sorted byte by byte must ask for it.
in_folder initdb --pgdata=data --username=trazo --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    --locale-provider=icu --icu-locale=es --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
# A socket in the folder and no port. Nothing here has to survive a power failure.
in_folder pg_ctl start --pgdata=data --log=log.server --wait --options="-c listen_addresses= \
    -c unix_socket_directories=$folder -c max_connections=300 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >"$folder/log" 2>&1 ||
    { cat "$folder/log" "$folder/log.server" >&2; exit 1; }

export TEST_DATABASE_URL="postgres://trazo@localhost/postgres?host=$folder"
"$@"
