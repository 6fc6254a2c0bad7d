#!/usr/bin/env bash
# The whole test run: installs what is missing, builds what is released, runs
# every test of the workspace. Prints headings, failures and one line per test
# program; the full log is target/test.log. Arguments go to `cargo test`.
#
#   ZHICHA_PHOTOS   folder of real phone photos; generated ones otherwise
#   ZHICHA_KILLS    how many kills the crash test makes (200)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

section "缺什么装什么 · install what is missing"
scripts/setup.sh build window test
use_rust
use_python
say "$(rustc --version), $(nproc) CPU"
if [ -n "${ZHICHA_PHOTOS:-}" ]; then
  [ -d "$ZHICHA_PHOTOS" ] || die "ZHICHA_PHOTOS 不是文件夹 · is no folder: $ZHICHA_PHOTOS"
  # Tests run in their own crate's folder, so a relative path would lead elsewhere.
  ZHICHA_PHOTOS=$(cd "$ZHICHA_PHOTOS" && pwd)
  export ZHICHA_PHOTOS
  say "照片 · photos: $ZHICHA_PHOTOS"
fi

section "发布的程序 · the released programs"
build_released

section "界面 · the screens"
check_ui || die "界面的检查没有通过 · the screens' checks failed: see above."

scripts/android-check.sh

section "编译测试 · build the tests"
# The window's pages are part of it; so the same features are asked for here and there.
window=(--features zhicha-app/custom-protocol)
build --workspace --tests --bins "${window[@]}"
export ZHICHA_APP_BIN=$TARGET/debug/zhicha-app

section "测试 · tests"
log=$TARGET/test.log
status=0
scope=(--workspace)
[ $# -eq 0 ] || scope=("$@")
cargo test --locked --no-fail-fast "${window[@]}" "${scope[@]}" 2>&1 | tee "$log" |
  awk '/^test .* \.\.\. ok$/ || /^running [0-9]+ tests?$/ || /^$/ || / Compiling / || / Finished / { next }
       { print "   " $0; fflush() }' || status=$?

# The closing lines decide together with cargo's own status: a run without tests proves nothing.
read -r passed failed ignored < <(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0, f + 0, i + 0 }' "$log")
section "$passed 通过 · passed, $failed 失败 · failed, $ignored 跳过 · ignored"
[ "$((status + failed))" -eq 0 ] ||
  die "测试没有全部通过 · not every test passed." "完整记录 · the whole log: ${log#"$ROOT/"}"
[ "$passed" -gt 0 ] || die "一个测试都没有运行 · no test ran."
