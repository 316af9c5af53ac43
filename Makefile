# The doors of this repository; the work is in scripts/.
PY := .venv/bin/python
ifdef CI
# A missing tool must not turn a check into a skipped one where nobody looks.
export FARAGOSTAR_REQUIRE_ORACLES = 1
endif
.DEFAULT_GOAL := help
.PHONY: help demo test check check-rest models prove vm-test wine-test fuzz screenshots bench messages lock clean setup

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: ## a signing server, an agent and one whole journey, on this machine
	@scripts/setup.sh demo
	@$(PY) scripts/demo.py

test: setup ## the tests, and the coverage they must reach
	@scripts/test.sh

check: test check-rest ## everything that CI runs

check-rest: setup ## everything that CI runs, but the tests
	@scripts/check.sh

models: setup ## the protocol's models, sound and broken (a minute)
	@docs/model/run.sh

prove: setup ## the long proofs: every kill point, failing disk and power cut (SECTION= for one)
	@scripts/prove.sh $(SECTION)

vm-test: setup ## hardware swapped under the agent, in an emulated machine (ROWS= for pytest's -k)
	@scripts/vm-test.sh $(if $(ROWS),tests/vm -k "$(ROWS)")

wine-test: setup ## the probe of Windows, under wine (installs wine and a compiler)
	@scripts/wine-test.sh

screenshots: setup ## every page of the window, both languages, light and dark, into .screenshots/ (SCENE= for some)
	@QT_QPA_PLATFORM=offscreen $(PY) -m tests.ui.screenshots .screenshots $(SCENE)

fuzz: setup ## bytes nobody thought of, for the reader of firmware (SECONDS_EACH=60, KEEP=yes)
	@SECONDS_EACH=$(SECONDS_EACH) KEEP=$(KEEP) scripts/fuzz.sh

bench: setup ## speed and memory, each beside a floor measured in the same run
	@for part in startup window protocol smbios fingerprint server; do echo "== $$part"; \
		$(PY) -m benchmarks.$$part || exit 1; done
	@echo "== server, PostgreSQL"; $(PY) -m benchmarks.server --database postgresql

simulate: setup ## the fingerprint's extremes over all pairs of machines (docs/fingerprint.md)
	@$(PY) -m tests.simulation

messages: setup ## compile the message catalogs
	@$(PY) scripts/messages.py

lock: setup ## pin every dependency anew
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

setup:
	@scripts/setup.sh test

clean: ## remove what was made here
	@rm -rf .venv .vm .wine .fuzz .screenshots build dist htmlcov .coverage .coverage.* coverage.json .demo tests/oracles/node_modules
	@rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
