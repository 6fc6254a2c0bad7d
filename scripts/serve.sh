#!/usr/bin/env bash
# The office's service on this machine, from source, with its data in out/serve.
#
#   LISTEN=ADDR:PORT   where it listens (127.0.0.1:8443)
#   DATA=DIR           its data folder (out/serve)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

scripts/setup.sh build
use_rust
build_released
server=$ZHICHA_SERVER_BIN
data=${DATA:-out/serve}
mkdir -p "$(dirname "$data")"
if [ ! -e "$data/keys/city.json" ]; then
  "$server" init --data "$data" --city 满洲里市
  # No default password: the first administrator's is typed here, or given to the command by hand.
  if [ -t 0 ]; then
    read -rsp "给管理员 admin 设一个密码（至少 10 位）· a password for the administrator admin: " password
    echo
    printf '%s\n' "$password" | "$server" account add --data "$data" --login admin --name 管理员
  else
    say "先建一个账号 · add an account first: $server account add --data $data --login admin --name 管理员"
  fi
fi
say "浏览器打开 · open in a browser: https://${LISTEN:-127.0.0.1:8443}"
exec "$server" serve --data "$data" --listen "${LISTEN:-127.0.0.1:8443}"
