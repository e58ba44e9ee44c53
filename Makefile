# The only commands to remember. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/run-ready
DEV := $(VENV)/dev-ready
MESSAGES := $(shell find src -name django.po 2>/dev/null)
COMPILED := $(MESSAGES:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help start test safety quick check fix docs messages bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: $(RUN) $(COMPILED) ## start the whole house with the demonstration municipality
	@$(BIN)/fridhem start

test: $(DEV) $(COMPILED) ## run the whole suite, browser tests included
	@$(BIN)/python tools/ensure_browser.py
	@$(BIN)/pytest -m "not safety" -n 2 --dist loadfile

safety: $(DEV) $(COMPILED) ## run the checks of the safety bar and print them as a table (FULL=1: at their full sizes)
	@$(BIN)/python tools/ensure_browser.py
	@$(BIN)/pytest -q -m safety $(if $(FULL),--full)

quick: $(DEV) $(COMPILED) ## run the tests that need no browser and no patience
	@$(BIN)/pytest -m "not slow and not safety" --ignore tests/browser

check: $(DEV) $(COMPILED) ## everything that reads the code without running it
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@FRIDHEM_SECRETS=tools/no-secrets.json $(BIN)/mypy
	@$(BIN)/python tools/room_map.py --check
	@$(BIN)/python tools/process_pages.py --check
	@$(BIN)/python tools/messages.py --check
	@$(BIN)/pytest -q tests/architecture tests/docs

fix: $(DEV) ## put right what a program can put right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(DEV) $(COMPILED) ## redraw the pictures and pages that are made from the code
	@$(BIN)/python tools/room_map.py
	@$(BIN)/python tools/process_pages.py
	@mkdir -p docs/pictures
	@$(BIN)/python tools/ensure_browser.py
	@DOCS_PICTURES=1 $(BIN)/pytest -q tests/browser/test_way.py -k introduces

messages: $(DEV) ## gather the texts of the product and say which lack a translation
	@$(BIN)/python tools/messages.py

bench: $(DEV) $(COMPILED) ## measure, as ratios to a bare lower limit
	@$(BIN)/python -m bench

clean: ## remove what was made; the data folder .fridhem stays
	@rm -rf $(VENV) $(COMPILED)

# ── how the environment is made: pip always works, uv is faster when it is there ──
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Fridhem needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3")'
	@echo "Making the virtual environment …"
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.lock pyproject.toml | $(BIN)/python
	@$(MAKE) --no-print-directory install LOCK=requirements/run.lock
	@touch $@

$(DEV): requirements/dev.lock pyproject.toml | $(BIN)/python
	@$(MAKE) --no-print-directory install LOCK=requirements/dev.lock
	@touch $@ $(RUN)

.PHONY: install
install:
	@echo "Installing $(LOCK) (half a minute the first time) …"
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK) && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi

%.mo: %.po | $(BIN)/python
	@$(BIN)/python tools/messages.py --compile $<
