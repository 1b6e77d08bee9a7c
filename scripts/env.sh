# shellcheck shell=bash
# What every task of the Makefile runs under (BASH_ENV points here): where the set-up put the tools, and which
# Rust it chose. Sourced by a person's shell it does the same: `. scripts/env.sh`.

export TRAZO_CACHE="${TRAZO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/trazo}"
export MNIST_DIR="${MNIST_DIR:-$TRAZO_CACHE/mnist}"

case ":$PATH:" in
    *":$TRAZO_CACHE/tools/bin:"*) ;;
    *) export PATH="$TRAZO_CACHE/tools/bin:$TRAZO_CACHE/node/node_modules/.bin:$HOME/.cargo/bin:$PATH" ;;
esac

# Written by scripts/setup.sh: the toolchain that can build WASM on this machine.
# shellcheck source=/dev/null
if [ -f "$TRAZO_CACHE/toolchain.sh" ]; then . "$TRAZO_CACHE/toolchain.sh"; fi
