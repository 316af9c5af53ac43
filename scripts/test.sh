#!/bin/bash
# Runs the tests on every core in random order, then holds their coverage to its gates. What meets a
# signing server's database runs twice: on SQLite with everything else, then on PostgreSQL. There
# only what runs nowhere else is measured, for measuring takes a third of the time.
# WORKERS= sets how many processes; the gates need the whole run, so single tests go to pytest itself.
set -euo pipefail
cd "$(dirname "$0")/.."

run() { # pytest's arguments
  .venv/bin/python -m pytest -n "${WORKERS:-logical}" --dist worksteal "$@"
}
measured() { # pytest's arguments
  run --cov --cov-report= --cov-fail-under=0 --no-cov-on-fail "$@"
}

rm -f .coverage .coverage.*
measured
if reason=$(.venv/bin/python tests/postgresql.py --why-not); then
  mapfile -t elsewhere < <(grep -rlE --include='test_*.py' '^from tests\.(server|journeys|databases)' tests |
    grep -vE '^tests/(server|journeys|ui)/')  # no window knows what its server's books lie in
  export FARAGOSTAR_TEST_DATABASE=postgresql
  measured --cov-append tests/server/test_postgresql*.py
  run --ignore-glob='*/test_postgresql*.py' tests/server tests/journeys "${elsewhere[@]}"
else
  echo "test: left out on PostgreSQL: $reason" >&2
  [ -z "${FARAGOSTAR_REQUIRE_ORACLES:-}" ] || exit 1
fi
.venv/bin/python -m coverage json --quiet --fail-under=0 -o coverage.json
.venv/bin/python scripts/coverage_gates.py coverage.json
