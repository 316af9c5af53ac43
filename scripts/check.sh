#!/bin/bash
# Everything that CI runs besides the tests. Goes on after a failure, so that one run shows them all.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

failed=()
step() { # name, then the command
  local name=$1
  shift
  printf '== %s\n' "$name"
  "$@" </dev/null || failed+=("$name")
}

can() { # a system tool, and what is skipped without it
  command -v "$1" >/dev/null && return 0
  if [ -n "${FARAGOSTAR_REQUIRE_ORACLES:-}" ]; then
    failed+=("$2: $1 is missing")
  else
    printf '== %s: skipped, %s is missing\n' "$2" "$1"
  fi
  return 1
}

bin=.venv/bin
step 'format' $bin/ruff format --check --quiet
step 'lint' $bin/ruff check --quiet
step 'types' $bin/mypy
# The agent runs on Windows too: what only exists here must stand behind a sys.platform test.
step 'types on Windows' $bin/mypy --platform win32 --cache-dir .mypy_cache/win32 protocol agent
step 'imports' $bin/lint-imports --no-logo
step 'message catalogs' $bin/python scripts/messages.py --check
can systemd-analyze 'systemd units' && step 'systemd units' scripts/verify_units.sh
can spin 'models' && can gcc 'models' && step 'models' docs/model/run.sh

if [ ${#failed[@]} -gt 0 ]; then
  printf 'check: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo 'check: all held'
