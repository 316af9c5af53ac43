#!/bin/bash
# Writes every hash-pinned lock in requirements/ anew; `scripts/lock.sh --upgrade` takes newer versions.
# The addresses of the registry stay out of the files, so that any mirror can serve them.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { # output, then what goes into it
  local output=requirements/$1
  shift
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
    --output-file "$output" "$@"
}

[ -x .venv/bin/uv ] || .venv/bin/pip install -qq --require-hashes -r requirements/lock.txt
# dev first: what ships is pinned to the versions that the tests ran with.
compile dev.txt pyproject.toml --extra qr --extra server --extra ui --group dev "$@"
compile server.txt pyproject.toml --extra server --constraint requirements/dev.txt "$@"
compile agent.txt pyproject.toml --constraint requirements/dev.txt "$@"
compile ui.txt pyproject.toml --extra ui --constraint requirements/dev.txt "$@"
compile build.txt --group build --constraint requirements/dev.txt "$@"
compile fuzz.txt --group fuzz --constraint requirements/dev.txt "$@"
compile wine.txt --group wine --constraint requirements/dev.txt "$@"
compile bench.txt --group bench --constraint requirements/dev.txt "$@"
compile bench-build.txt --group bench-build "$@"
compile lock.txt --group lock "$@"
