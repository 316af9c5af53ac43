#!/bin/bash
# Fuzzes what reads firmware: scripts/fuzz.sh [target…], each for SECONDS_EACH (60).
# What breaks a promise is written into tests/fuzz/corpus/, and is a failing test from then on.
# KEEP=yes adds the smallest inputs that led where no kept one leads: commit them.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
# Nobody needs the fuzzer to work on the rest: it comes when it is asked for.
$python -c 'import atheris' 2>/dev/null ||
  $python -m pip --disable-pip-version-check --no-input install -qq --require-hashes -r requirements/fuzz.txt

[ $# -gt 0 ] || set -- table names
export PYTHONDONTWRITEBYTECODE=1
$python -m tests.fuzz.seeds .fuzz
for target in "$@"; do
  printf '== %s\n' "$target"
  kept=tests/fuzz/corpus/$target
  nice -n 10 $python -m tests.fuzz "$target" ".fuzz/$target" "$kept" -max_len=4096 \
    -max_total_time="${SECONDS_EACH:-60}" -artifact_prefix="$kept/" -print_final_stats=1 -verbosity=0
  [ -z "${KEEP:-}" ] || $python -m tests.fuzz.keep "$target" ".fuzz/$target"
done
