# What a person or a machine does with this project. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help system install demo test test-extras check lint bench screenshots clean constraints

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := .venv-extras
VIDEOS ?= demo/films
LIBRARY ?= demo/library
PORT ?= 8765
# The drawn films are what `mini` was trained for, and it needs no network; real ones deserve the best there is.
ENCODER ?= $(if $(filter demo/films,$(VIDEOS)),mini,auto)
CAST := $(if $(filter demo/films,$(VIDEOS)),--characters drawn)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Real films for tests, where this machine has them; tests that need them are skipped elsewhere.
export VSEARCH_TEST_DATA ?= $(wildcard $(abspath ../shared/data))
# Python keeps what it has compiled, whatever the shell says: tests start it often.
unexport PYTHONDONTWRITEBYTECODE
# A process for each core, four at most: each may load TensorFlow. A file's tests stay together, as do its fixtures.
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

system:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer, or name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: vsearch needs 3.11 or newer. Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }

$(VENV)/installed: pyproject.toml constraints.txt | system
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (a few minutes the first time)"
	@$(BIN)/pip install -qq --upgrade pip
	@$(BIN)/pip install -qq --constraint constraints.txt --editable .
	@$(BIN)/pip check >/dev/null || { $(BIN)/pip check; exit 1; }
	@$(BIN)/python -c 'import cv2' 2>/dev/null || { echo "OpenCV cannot be loaded: on Debian, apt-get install libgl1 libglib2.0-0"; exit 1; }
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(BIN)/pip install -qq --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(VENV)/installed ## Make .venv with a working `vsearch`
	@echo "Ready: $(BIN)/vsearch --help"

demo: $(VENV)/installed ## Draw films (or take VIDEOS=~/Movies), index them, serve the page
	@test "$(VIDEOS)" != demo/films || $(BIN)/vsearch samples demo/films --count 12
	@$(BIN)/vsearch --library "$(LIBRARY)" index "$(patsubst ~/%,$(HOME)/%,$(VIDEOS))" --encoder $(ENCODER) $(CAST) || test $$? -eq 1
	@$(BIN)/vsearch --library "$(LIBRARY)" serve --port $(PORT) --open

test: $(VENV)/installed-dev ## Run all checks and tests
	@$(MAKE) --no-print-directory lint
	@$(PYTEST)

$(EXTRAS)/installed: pyproject.toml constraints.txt | system
	@test -x $(EXTRAS)/bin/python || $(PYTHON) -m venv $(EXTRAS)
	@echo "Installing vsearch with its extras into $(EXTRAS) (several gigabytes: torch is among them)"
	@$(EXTRAS)/bin/pip install -qq --upgrade pip
	@$(EXTRAS)/bin/pip install -qq --constraint constraints.txt --editable '.[dev-extras]'
	@$(EXTRAS)/bin/pip check >/dev/null || { $(EXTRAS)/bin/pip check; exit 1; }
	@touch $@

test-extras: $(EXTRAS)/installed ## Test what needs open_clip, ONNX Runtime, torch or PostgreSQL
	@$(EXTRAS)/bin/pytest tests/test_open_clip.py tests/test_onnx.py tests/test_still.py tests/test_postgresql.py tests/contracts/test_encoder_contract.py tests/contracts/test_store_contract.py
	@VSEARCH_TEST_STORE=postgresql $(EXTRAS)/bin/pytest tests/test_catalog.py tests/test_full_text.py tests/test_tags.py tests/test_jobs.py tests/test_naming.py

check: $(VENV)/installed-dev ## Lint, types, layers and the fast tests: under two minutes
	@$(MAKE) --no-print-directory lint
	@$(PYTEST) -m 'not slow' --hypothesis-profile quick

lint: $(VENV)/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }
	@rm -f .lint-imports.log

bench: $(VENV)/installed-dev ## Measure asking, memory and classifiers (two hours)
	@$(BIN)/python -m benchmarks.asking
	@$(BIN)/python -m benchmarks.memory
	@$(BIN)/python -m benchmarks.classifying

constraints: $(VENV)/installed-dev ## Write down the exact versions that are installed now
	@$(BIN)/pip list --format freeze --exclude-editable --exclude pip --exclude wheel > constraints.txt

screenshots: $(VENV)/installed-dev ## Take the README's pictures from the demo's library (needs chromium)
	@$(BIN)/python docs/screenshots.py "$(LIBRARY)"

clean: ## Remove the environment, the demo and what tools left behind
	rm -rf $(VENV) $(EXTRAS) demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
