#!/usr/bin/env bash
# The phone's window on this computer, from source, with its vault in out/app.
#
#   VAULT=DIR   where its vault lies (out/app)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

section "缺什么装什么 · install what is missing"
scripts/setup.sh build window
use_rust

section "编译（第一次几分钟）· build (some minutes the first time)"
build_ui
build_app "$@"

vault=${VAULT:-out/app}
mkdir -p "$(dirname "$vault")"
ZHICHA_VAULT=$(cd "$(dirname "$vault")" && pwd)/$(basename "$vault")
export ZHICHA_VAULT
say "手机数据 · the phone's data: $ZHICHA_VAULT"
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ||
  die "这里没有屏幕，窗口打不开 · no display here, so no window can open." \
    "在有桌面的电脑上运行 · run it where there is a desktop: make app"
exec "$ZHICHA_APP_BIN"
