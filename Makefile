# Every command that people and the build share. `make help` explains them.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
SHELL := /bin/bash
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check fix faults faults-full fault-mutants drill canaries timing slow-clients bench shots lock words strings need-python

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: need-python ## Set everything up for running, without starting it
	@$(PYTHON) -m deploy.setup run

run: setup ## Start the whole system on this machine; Ctrl-C stops it (CVMS_PORT, CVMS_HOME: see docs/settings.md)
	@$(BIN)/cvms up

demo: setup ## Replace the demo data of the running system by fresh demo data
	@$(BIN)/cvms seed --fresh

test: need-python ## Run every test (ARGS="-k words" for some of them)
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: need-python ## Check style, types, imports, translations and migrations
	@$(PYTHON) -m deploy.setup check
	@$(BIN)/python -m deploy.checks

fix: need-python ## Put right what can be put right by a tool
	@$(PYTHON) -m deploy.setup check
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

faults: need-python ## Kill real processes at random and prove that nothing is lost (ARGS="…")
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.faults $(ARGS)

faults-full: need-python ## Run every fault scenario at its full count (ARGS="K3 N3" for some of them)
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.faults.full $(ARGS)

fault-mutants: need-python ## Take one protection out after the other, and prove that the fault runs see it
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.faults.mutants_must_fail $(ARGS)

drill: need-python ## Back up, destroy, restore and compare a whole system of its own
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.drill

canaries: need-python ## Run the whole system with marked people, then look for them where they must not be
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.canaries

timing: need-python ## Ask 500 pairs of questions each, to see whether an answer's time tells that somebody or something exists
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.attacks.timing $(ARGS)

slow-clients: need-python ## Hold hundreds of connections that send next to nothing, and time pages beside them
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.slow_clients

bench: need-python ## Measure how fast the real parts are, each beside its bare baseline (ARGS="--quick", ARGS="inbox")
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.bench $(ARGS)

shots: need-python ## Picture every page of a fresh demo, wide and at a phone's width, into build/shots/
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m tests.shots

words: need-python ## Check how pages and mails speak: plain US English, read in grade eight, everything in Spanish too
	@$(PYTHON) -m deploy.setup test
	@$(BIN)/python -m pytest -q tests/architecture/test_plain_language.py tests/architecture/test_reading.py tests/architecture/test_translations.py

lock: need-python ## Write the locked requirements anew from pyproject.toml
	@$(PYTHON) -m deploy.setup check
	@$(BIN)/python -m deploy.lock

strings: need-python ## Bring the translation catalogs up to the strings in code and templates
	@$(PYTHON) -m deploy.setup check
	@$(BIN)/python -c "import sys; from deploy.checks.translations import update; sys.exit(not update())"

need-python:
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or newer, and none was found. On Debian: sudo apt-get install python3 python3-venv"; exit 1; }
