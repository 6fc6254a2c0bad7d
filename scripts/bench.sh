#!/usr/bin/env bash
# Measures, prints a table and writes out/bench.json.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

section "缺什么装什么 · install what is missing"
scripts/setup.sh build window bench
use_rust

section "编译（发布方式）· build (release)"
build_ui
build --release -p zhicha-server
# Alone and kept apart, as in build_released: the bench's own build must not overwrite it.
mkdir -p "$TARGET/released"
cp "$TARGET/release/zhicha-server" "$TARGET/released/zhicha-server.release"
export ZHICHA_SERVER_BIN=$TARGET/released/zhicha-server.release
build_app -p zhicha-tests --release
export ZHICHA_APP_BIN=$TARGET/release/zhicha-app

section "测量 · measure"
mkdir -p out
"$TARGET/release/bench" "$@"
