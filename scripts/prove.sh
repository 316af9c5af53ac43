#!/bin/bash
# The long proofs, each a section of its own that needs no other: scripts/prove.sh [section…]
# Without a name all of them run. docs/reliability.md says what each one tries.
# FARAGOSTAR_SEED= chooses the samples where a proof cannot try everything.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

prove() { # pytest, without a clock on the whole and with every figure shown
  FARAGOSTAR_PROVE=1 FARAGOSTAR_REQUIRE_ORACLES=1 \
    .venv/bin/python -m pytest --quiet -p no:randomly --capture=no "$@"
}

section_kills() { prove tests/kills/test_kill_points.py tests/kills/test_commits.py; }
section_disk_errors() { prove tests/kills/test_failing_disk.py; }
section_power_cut() { prove tests/powercut; }
section_machine() { # STEPS= for another length
  local database
  for database in sqlite postgresql; do
    FARAGOSTAR_TEST_DATABASE=$database .venv/bin/python -m tests.machine.prove \
      --steps "${STEPS:-300000}" ${FARAGOSTAR_SEED:+--seed "$FARAGOSTAR_SEED"} || return
  done
}

mapfile -t all < <(declare -F | sed -n 's/^declare -f section_//p' | tr _ -)
[ $# -gt 0 ] || set -- "${all[@]}"
failed=()
for section in "$@"; do
  printf '== %s\n' "$section"
  if ! declare -F "section_${section//-/_}" >/dev/null; then
    printf 'no such section; there are: %s\n' "${all[*]}" >&2
    exit 2
  fi
  "section_${section//-/_}" || failed+=("$section")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'prove: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo 'prove: all held'
