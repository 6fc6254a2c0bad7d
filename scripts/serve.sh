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
mkdir -p "$data"
exec "$TARGET/debug/zhicha-server" serve --data "$data" --listen "${LISTEN:-127.0.0.1:8443}"
