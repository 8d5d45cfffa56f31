# make run | test | lint | bench | docs | lock
SHELL := /bin/bash
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV ?= uv
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: run test lint bench docs lock

run: .venv/.ready
	@exec $(BIN)/zhiyuanhong run

test: .venv/.ready-to-test
	@.ci/packages
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

lint: .venv/.ready-to-test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo --no-cache > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }
	$(BIN)/djlint --quiet --lint --check src/zhiyuanhong/pages
	$(BIN)/mypy --no-error-summary

bench: .venv/.ready-to-test
	$(BIN)/python -m bench

docs: .venv/.ready-to-test
	$(BIN)/sphinx-build --fail-on-warning --keep-going --nitpicky --quiet docs docs/_build
	@echo docs/_build/index.html

# After a change of dependencies; `make lock UV=path/to/uv` when uv is not on the path.
lock:
	$(LOCK) --extra postgres --group build -o requirements.lock
	$(LOCK) --extra postgres --extra spark --group dev -c requirements.lock -o requirements-dev.lock

.venv/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.locked: requirements.lock .venv/.made
	@echo "Installing what the lock names (a minute or two, once) ..."
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/.ready: .venv/.locked pyproject.toml hatch_build.py package.json package-lock.json .npmrc
	$(PIP) --no-build-isolation --no-deps -e .
	@touch $@

.venv/.ready-to-test: requirements-dev.lock .venv/.ready
	@echo "Installing what the tests need (some minutes, once) ..."
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
