#!/usr/bin/env bash
# Proves that "fresh machine" means fresh: makes a bare Debian 12 in a folder,
# puts the committed tree in it (HEAD, no build output) with nothing installed
# but make, runs the given targets there and prints the minutes of each.
#
#   scripts/fresh-check.sh [TARGET...]        demo test
#   FRESH_DIR=DIR      where the system lies (.cache/fresh); removed on success
#   FRESH_KEEP=1       keep it on success too
#   ZHICHA_PHOTOS=DIR  real phone photos, copied in
#
# The way to the package registries is this machine's: proxies, certificates,
# apt, cargo, pip and npm settings are passed in, whatever they are.
# Needs root, for chroot and mounts. Mounts live in a namespace of their own, so
# they vanish with this script however it ends; the trap only tidies up sooner.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || die "需要 root · root is needed for chroot and mounts." "sudo make fresh-check"
if [ -z "${FRESH_NAMESPACE:-}" ]; then
  section "缺什么装什么 · install what is missing"
  scripts/setup.sh fresh
  have git || die "需要 git · git is needed."
  FRESH_NAMESPACE=1 exec unshare --mount --propagation private "$BASH" "$0" "$@"
fi

targets=("$@")
[ $# -gt 0 ] || targets=(demo test)
dir=${FRESH_DIR:-.cache/fresh}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
root=$dir/root

unmount_all() {
  local mounted
  for mounted in "$root/proc" "$root/dev"; do
    if mountpoint -q "$mounted"; then umount -l -R "$mounted" || true; fi
  done
}
trap unmount_all EXIT

# --one-file-system: should a mount ever be left, nothing behind it is touched.
remove_root() { rm -rf --one-file-system "$root"; }

# The package mirror this machine itself uses for Debian 12, where it is one.
mirror_of() {
  # shellcheck disable=SC2016  # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $1" 2>/dev/null | head -n1 || true
}

copy_in() {
  local path
  for path in "$@"; do
    [ -e "$path" ] || continue
    mkdir -p "$root$(dirname "$path")"
    cp -a -L "$path" "$root$(dirname "$path")/"
  done
}

# How this machine reaches apt: the settings that say so (Acquire), and its
# sources where it is a Debian 12 itself.
pass_apt_settings() {
  local file
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [ -f "$file" ] && grep -q 'Acquire' "$file"; then copy_in "$file"; fi
  done
  if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release && [ -n "$(mirror_of bookworm-security)" ]; then
    rm -f "$root/etc/apt/sources.list"
    copy_in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources /usr/share/keyrings/debian-archive-keyring.gpg
  else
    # deb.debian.org is Debian's own default and what the installer would write.
    printf 'deb http://deb.debian.org/debian %s main\n' bookworm bookworm-updates >"$root/etc/apt/sources.list"
    printf 'deb http://deb.debian.org/debian-security bookworm-security main\n' >>"$root/etc/apt/sources.list"
  fi
}

# The certificates this machine trusts, as a file of their own: installing
# ca-certificates rewrites the usual one.
pass_certificates() {
  local bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
  [ -f "$bundle" ] || return 0
  mkdir -p "$root/etc/ssl/certs"
  cp -L "$bundle" "$root/etc/ssl/host-certificates.crt"
  cp -L "$bundle" "$root/etc/ssl/certs/ca-certificates.crt"
  local name
  for name in SSL_CERT_FILE CARGO_HTTP_CAINFO CURL_CA_BUNDLE GIT_SSL_CAINFO PIP_CERT NODE_EXTRA_CA_CERTS; do
    environment+=("$name=/etc/ssl/host-certificates.crt")
  done
}

pass_environment() {
  local name
  while read -r name; do
    case $name in
      [Hh][Tt][Tt][Pp]_[Pp][Rr][Oo][Xx][Yy] | [Hh][Tt][Tt][Pp][Ss]_[Pp][Rr][Oo][Xx][Yy] | \
        [Aa][Ll][Ll]_[Pp][Rr][Oo][Xx][Yy] | [Nn][Oo]_[Pp][Rr][Oo][Xx][Yy] | \
        CARGO_SOURCE_* | CARGO_REGISTRIES_* | CARGO_REGISTRY_* | CARGO_NET_* | CARGO_HTTP_* | \
        PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | npm_config_* | ZHICHA_KILLS)
        environment+=("$name=${!name}")
        ;;
    esac
  done < <(compgen -e)
}

section "Debian 12 → ${dir#"$ROOT/"}"
unmount_all
remove_root
mirror=$(mirror_of bookworm)
debootstrap --variant=minbase --include=make,ca-certificates bookworm "$root" ${mirror:+"$mirror"} >"$dir/debootstrap.log" 2>&1 ||
  die "debootstrap 失败 · debootstrap failed." "$(tail -n 5 "$dir/debootstrap.log")" "记录 · log: $dir/debootstrap.log"

environment=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb)
pass_environment
pass_apt_settings
pass_certificates
rm -f "$root/etc/resolv.conf"
copy_in /etc/resolv.conf /etc/hosts /etc/pip.conf /root/.npmrc
for file in config.toml config; do copy_in "${CARGO_HOME:-/root/.cargo}/$file"; done

section "源代码 · the tree: $(git rev-parse --short HEAD)"
mkdir -p "$root/src/zhicha"
git archive HEAD | tar -x -C "$root/src/zhicha"
if [ -n "${ZHICHA_PHOTOS:-}" ]; then
  cp -r "$ZHICHA_PHOTOS" "$root/src/photos"
  environment+=(ZHICHA_PHOTOS=/src/photos)
fi

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

inside() { chroot "$root" /usr/bin/env -i "${environment[@]}" /bin/sh -c "cd /src/zhicha && $1"; }

results=()
status=0
for target in "${targets[@]}"; do
  section "make $target"
  begun=$SECONDS
  if inside "make $target" </dev/null; then word=通过; else word=失败 status=1; fi
  results+=("$(printf '%-12s %s  %d.%d min' "$target" "$word" $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60 / 6)))")
done

section "全新的 Debian 12 · a fresh Debian 12"
printf '   %s\n' "${results[@]}"
unmount_all
if [ "$status" -eq 0 ] && [ -z "${FRESH_KEEP:-}" ]; then
  remove_root
else
  say "系统留在 · the system is kept in: $root"
fi
exit "$status"
