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
build -p zhicha-server || die "zhicha-server 编译失败，见上 · zhicha-server did not build: see above."
data=${DATA:-out/serve}
mkdir -p "$(dirname "$data")"
if [ ! -e "$data/keys/city.json" ]; then
  "$TARGET/debug/zhicha-server" init --data "$data" --city 满洲里市
  echo "先建一个账号 · add an account first: $TARGET/debug/zhicha-server account add --data $data --login admin --name 管理员"
fi
exec "$TARGET/debug/zhicha-server" serve --data "$data" --listen "${LISTEN:-127.0.0.1:8443}"
