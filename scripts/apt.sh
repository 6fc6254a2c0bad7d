# shellcheck shell=bash
# Installing packages of the distribution. Every call is tried twice, since a
# mirror or another apt at work can fail it once for no lasting reason; the lists
# are refreshed once per run, before the first install.

APT_FRESH=no

# Runs apt-get as root, or through sudo where that asks no password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

apt_call() {
  local log=.cache/apt.log
  mkdir -p .cache
  as_root apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 && return 0
  warn "apt-get $1 失败一次，再试 · apt-get $1 failed once, trying again"
  sleep 3
  as_root apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 && return 0
  tail -n 15 "$log" >&2
  return 1
}

may_install() { have apt-get && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

# Refreshes the lists once; stops with the line to run where it may not. The
# arguments are the packages that line names.
apt_refresh() {
  [ "$APT_FRESH" = yes ] && return 0
  if ! have apt-get; then
    die "本机没有 apt · this machine has no apt." \
      "请用系统自己的包管理器安装，再运行一次 · install with the system's own package manager, then run again: $*"
  fi
  if ! may_install; then
    die "缺少软件包，而当前用户不能安装 · packages are missing and this user may not install them." \
      "请运行，然后再来一次 · run this, then try again:" \
      "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  fi
  apt_call update || warn "apt-get update 未成功，沿用旧列表 · apt-get update failed, going on with the old lists"
  APT_FRESH=yes
}

# Installs the named packages, or stops with the reason.
apt_install() {
  apt_refresh "$@"
  say "安装 · installing: $*"
  apt_call install -y --no-install-recommends "$@" ||
    die "没有装上 · not installed: $*" "apt 的话见上；网络恢复后再运行 · apt's words are above; run again when the network is back"
}

# The version apt would install of package $1; empty when it knows none.
apt_candidate() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9][0-9.]*\).*/\1/p'
}
