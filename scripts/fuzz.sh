#!/usr/bin/env bash
# Coverage-guided fuzzing with libFuzzer: runs the targets of server/src/fuzz.rs, from the inputs in fuzz/corpus/.
# Usage: scripts/fuzz.sh [TARGET...], all by default. Variables:
#   FUZZ_SECONDS (60)  seconds for each target
#   FUZZ_RUNS          runs of each target instead
#   FUZZ_INPUT         a file that one target is run with, once
#   FUZZ_KEEP          not empty: adds to fuzz/corpus/ what reached more of the code, as few files as do
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/env.sh
. scripts/env.sh

command -v c++ >/dev/null || { echo "fuzz: no C++ compiler, which libFuzzer needs: install g++ or clang" >&2; exit 1; }
host=$(rustc -vV | sed -n 's/^host: //p')
folder=${CARGO_TARGET_DIR:-target}/fuzz
# With --target, so that neither build scripts nor macros are instrumented. `fuzzing` removes the checksums of the decoders.
flags=(--cfg fuzzing --cfg erase_components -Ccodegen-units=1 -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares)
RUSTFLAGS="${flags[*]}" cargo build --locked --quiet --profile fuzz --package fuzz --features libfuzzer \
    --target "$host" --target-dir "$folder"
fuzzer=$folder/$host/fuzz/fuzz

longest() {
    case $1 in
    picture | upload) echo 8192 ;;
    strokes | weights) echo 1024 ;;
    *) echo 2048 ;;
    esac
}

targets=("$@")
[ "${#targets[@]}" != 0 ] || mapfile -t targets < <(cd fuzz/corpus && printf '%s\n' *)
for target in "${targets[@]}"; do
    export TARGET=$target
    if [ -n "${FUZZ_INPUT:-}" ]; then
        "$fuzzer" "$FUZZ_INPUT"
        continue
    fi
    # What is found lies beside the build; what made the target fail, in fuzz/crashes/.
    found=$folder/corpus/$target
    mkdir -p "$found" fuzz/crashes
    limit=(-max_total_time="${FUZZ_SECONDS:-60}")
    [ -z "${FUZZ_RUNS:-}" ] || limit=(-runs="$FUZZ_RUNS")
    printf '\033[1m==>\033[0m %s\n' "fuzzing $target"
    # 512 MiB at most, the fuzzer's own included, and 10 s for one input.
    "$fuzzer" "${limit[@]}" -max_len="$(longest "$target")" -rss_limit_mb=512 -timeout=10 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="fuzz/crashes/$target-" "$found" "fuzz/corpus/$target" 2>&1 |
        sed '/Recommended dictionary/,/End of recommended dictionary/d'
    [ -z "${FUZZ_KEEP:-}" ] || "$fuzzer" -set_cover_merge=1 -use_counters=0 -use_cmp=0 -rss_limit_mb=512 -verbosity=0 \
        "fuzz/corpus/$target" "$found"
done
