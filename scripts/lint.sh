#!/usr/bin/env bash
# Everything a review should not have to say: form, lints, licences, sizes.
# Runs all of them and then says which failed.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

scripts/setup.sh lint
use_rust
export PATH="$PATH:$ROOT/.cache/tools/bin"

failed=()
check() {
  local name=$1
  shift
  section "$name"
  "$@" || failed+=("$name")
}

check "rustfmt" cargo fmt --all --check
check "clippy" cargo clippy --quiet --workspace --all-targets --locked -- -D warnings
# Advisories need their database from the network; the release checks those.
check "cargo-deny" cargo deny --log-level error check licenses bans sources
use_node && check "biome" bash -c "cd ui && npx biome check ."
check "shellcheck" shellcheck -x scripts/*.sh .ci/run
check "文件大小 · sizes" scripts/check-sizes.sh

[ ${#failed[@]} -eq 0 ] || die "未通过 · failed: ${failed[*]}"
section "全部通过 · all passed"
