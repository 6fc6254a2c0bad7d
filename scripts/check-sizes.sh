#!/usr/bin/env bash
# The house size of Rust files: median at most 150 lines, nine in ten at most
# 400, none over 800. A file that outgrows its room wants to be two.
set -euo pipefail
cd "$(dirname "$0")/.."

roots=()
for root in crates tests src-tauri; do [ -d "$root" ] && roots+=("$root"); done
find "${roots[@]}" \( -name target -o -name node_modules \) -prune -o -name '*.rs' -print0 |
  xargs -0 -r wc -l | awk '$2 != "total"' | sort -n |
  awk '
    { n++; lines[n] = $1; name[n] = $2 }
    END {
      if (n == 0) { print "   no Rust files found"; exit 1 }
      median = lines[int((n + 1) / 2)]
      p90 = lines[int((n * 9 + 9) / 10)]
      printf "   %d files: median %d (150), 90th percentile %d (400), longest %d (800) %s\n", n, median, p90, lines[n], name[n]
      for (i = n; i > 0 && lines[i] > 800; i--) printf "   over 800: %s (%d)\n", name[i], lines[i]
      exit median > 150 || p90 > 400 || lines[n] > 800
    }'
