# The front door. `make demo` and `make test` need nothing set up before them.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help demo serve env env-dev env-bench web types lock format check test unit integration e2e bench oracles wheel clean

# Which Python to use; the first supported one on the PATH when empty.
PYTHON ?=
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
DIR ?= ../shared/oracles
ONLY ?=

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: env ## The product with demo data on http://127.0.0.1:8000
	@$(BIN)/dawsos warm-up >/dev/null 2>&1 & $(MAKE) --no-print-directory web
	@$(BIN)/dawsos demo

serve: env web ## The product on your own data
	@$(BIN)/dawsos serve

# --- environments: one .venv, filled from the lock files; a stamp remembers which lock it holds ---------------------------
.venv/bin/python:
	@tools/python-environment create $(PYTHON)

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@tools/python-environment install requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@tools/python-environment install requirements-dev.lock
	@touch $@

.venv/.bench: requirements-bench.lock .venv/.dev
	@tools/python-environment install requirements-bench.lock
	@touch $@

env: .venv/.runtime
env-dev: .venv/.dev
env-bench: .venv/.bench

# --- the web app ---------------------------------------------------------------------------------------------------------
WEB_SOURCES := $(shell find web/src web/public web/index.html web/package-lock.json web/vite.config.ts -type f 2>/dev/null)

src/dawsos/_assets/web/index.html: $(WEB_SOURCES) | .venv/.runtime
	@tools/web-app build

web: src/dawsos/_assets/web/index.html ## Build the web app

types: env-dev ## Write every generated file: the API's description, the TypeScript types, the reference pages
	@$(BIN)/python -m tools.export_openapi web/openapi.json
	@tools/web-app types
	@$(BIN)/python -m tools.generated

# --- checks and tests ----------------------------------------------------------------------------------------------------
format: env-dev ## Rewrite the sources in the house style
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && tools/web-app format

check: env-dev ## Every rule of the house
	@tools/check

test: env-dev ## All tests: unit, property, golden, contract, integration, browser
	@tools/run-tests

unit: env-dev
	@$(BIN)/pytest tests/unit tests/golden tests/contract -q

integration: env-dev
	@$(BIN)/pytest tests/integration -q

e2e: env-dev web
	@$(BIN)/pytest tests/e2e -q

bench: env-bench ## Benchmarks against named peers (ONLY=name for one)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

# Some published cases are about data that a peer's package ships.
oracles: env-bench ## Run published expected values through the mathematics (DIR=folder)
	@$(BIN)/python -m tools.oracles $(DIR)

# --- maintenance ---------------------------------------------------------------------------------------------------------
COMPILE := $(BIN)/uv pip compile --quiet pyproject.toml --universal --generate-hashes --no-strip-extras --no-header --python-version 3.11
lock: env-dev ## Renew the lock files (they hold hashes and no addresses)
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --extra dev --extra bench -c requirements-dev.lock -o requirements-bench.lock

wheel: env-dev web ## dist/*.whl with the web app inside
	$(BIN)/python -m build --wheel

clean: ## Forget what was built (not your data)
	rm -rf .venv build dist src/dawsos/_assets web/node_modules web/dist
