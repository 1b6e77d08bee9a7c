# shellcheck shell=bash
# Sourced by the load scripts after scripts/served.sh. Sets: token (the admin's), load (a function).

: "${address:?scripts/served.sh sets it}"
token=$(curl --silent --fail --header 'Content-Type: application/json' \
    --data '{"username":"admin","password":"'"$ADMIN_PASSWORD"'"}' "$address/login" |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# Prints "requests/s | p50 | p95 | p99 | failed |": load ADDRESS distinct|cached CONNECTIONS SECONDS
load() {
    wrk --threads 1 --connections "$3" --duration "$4s" --latency --header "Authorization: Bearer $token" \
        --script server/benches/load.lua "$1/predict" -- "$2" server/benches/digits | sed -n 's/^ROW //p'
}
