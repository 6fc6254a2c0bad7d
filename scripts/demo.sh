#!/usr/bin/env bash
# The story of one spot check, played from end to end, into out/.
#
#   PHOTOS=DIR   use these photos; else 12-megapixel ones are generated
#   OUT=DIR      where the result goes (out)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if [ -n "${PHOTOS:-}" ]; then
  [ -d "$PHOTOS" ] || die "PHOTOS 不是文件夹 · PHOTOS is no folder: $PHOTOS" \
    "例 · for example: make demo PHOTOS=~/Pictures"
  PHOTOS=$(cd "$PHOTOS" && pwd)
fi

section "缺什么装什么 · install what is missing"
scripts/setup.sh build window browser
use_rust
say "$(rustc --version), $(nproc) CPU"

section "编译（第一次几分钟）· build (some minutes the first time)"
build_released
say "手机窗口和演示 · the phone's window and the demo"
build_app -p zhicha-tests

section "演示 · the demo"
"$TARGET/debug/demo" --out "${OUT:-out}" ${PHOTOS:+--photos "$PHOTOS"}
section "完成 · done"
