# A newcomer needs `make run` and `make test`, in either order; each sets up what it needs.
PYTHON ?= python3
VENV ?= .venv
BIND ?= 127.0.0.1
PORT ?= 8000
INDEX ?= var/index
UV ?= uv
export PYTHON
PY = $(VENV)/bin/python
# One version of a package for every Python and platform; `make lock UPGRADE=--upgrade` takes the newest of all.
COMPILE = $(UV) pip compile pyproject.toml --quiet --generate-hashes --universal --fork-strategy fewest --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
TOOLS = --group build --group test --group check --group bench
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test install tools check format lint types contracts licenses coverage bench lock

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: install ## index seeds/ and serve it on BIND:PORT (127.0.0.1:8000)
	@$(PY) -m index build --index $(INDEX) seeds && PRESSMARK_INDEX=$(INDEX) PRESSMARK_BIND=$(BIND):$(PORT) exec $(PY) -m search

test: tools ## run all tests
	@$(PY) -m pytest --numprocesses auto --maxprocesses 8 --cov --cov-report= --cov-fail-under=0 $(TEST)

install: ## set up .venv with the locked dependencies, and nothing else
	@.ci/environment $(VENV) requirements.lock

tools: ## set up .venv with the tools of the tests on top
	@.ci/environment $(VENV) tests/requirements.lock

check: test coverage format lint types contracts licenses ## everything that CI holds: the tests and all below

coverage: tools ## report the branch coverage of the last `make test`, and hold its floor
	@$(PY) -m coverage report --skip-covered --skip-empty

format: tools ## see that ruff would format nothing
	@$(PY) -m ruff format --check .

lint: tools ## ruff, all rules
	@$(PY) -m ruff check .

types: tools ## mypy, strict
	@$(PY) -m mypy

contracts: tools ## who may import whom
	@$(VENV)/bin/lint-imports --no-logo

licenses: tools ## fail on a dependency under GPL or AGPL
	@$(PY) -m piplicenses --summary

bench: tools ## speed, size and memory beside tantivy, Lucene, SQLite and others (needs PRESSMARK_DATA)
	@$(PY) -m tests.bench $(BENCH)

lock: ## lock the dependencies of pyproject.toml anew (needs uv)
	@$(COMPILE) --group build --output-file requirements.lock && $(COMPILE) $(TOOLS) --constraint requirements.lock --output-file tests/requirements.lock
