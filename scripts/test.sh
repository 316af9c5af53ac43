#!/bin/bash
# Runs the tests on every core in random order, then holds their coverage to its gates.
# WORKERS= sets how many processes; the gates need the whole run, so single tests go to pytest itself.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -f .coverage .coverage.*
.venv/bin/python -m pytest -n "${WORKERS:-logical}" --dist worksteal --cov --cov-report= \
  --cov-fail-under=0 --no-cov-on-fail
.venv/bin/python -m coverage json --quiet --fail-under=0 -o coverage.json
.venv/bin/python scripts/coverage_gates.py coverage.json
