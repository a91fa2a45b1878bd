#!/usr/bin/env bash
# Runs each fuzz target for some seconds (default 20): `scripts/fuzz-briefly.sh 60`. Needs a nightly toolchain; installs cargo-fuzz where it is missing.
cd "$(dirname "$0")/.."
. scripts/prepare.sh

seconds=${1:-20}
[ -d fuzz ] || { say "there are no fuzz targets"; exit 0; }
rust
if ! cargo +nightly --version >/dev/null 2>&1; then
    say "fuzzing is left out: there is no nightly toolchain (rustup toolchain install nightly)"
    exit 0
fi
scripts/fuzz-seed.sh
cargo_tool cargo-fuzz
for target in $(cargo +nightly fuzz list); do
    say "== fuzzing $target for $seconds s"
    cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 2>&1 | tail -n 12
done
