#!/usr/bin/env bash
# The long variants of the whole-product tests: hours, not minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
export ZHICHA_KILLS=${ZHICHA_KILLS:-10000}
exec scripts/test.sh -p zhicha-tests
