# Tenkyo in two commands: `make demo` sets everything up and serves, `make test` sets up and tests.
# PORT and TENKYO_DATA choose another port and data folder. Every step may be interrupted and run again.

PYTHON ?= python3
VENV ?= .venv
export VENV
RUN := $(VENV)/bin/python
MANAGE := $(RUN) manage.py
MESSAGES := $(wildcard locale/*/LC_MESSAGES/django.po)
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo setup setup-test models messages test lint format bench evaluate docs lock clean distclean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / /' | while read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

demo: setup messages  ## set everything up and serve on http://127.0.0.1:8000 (PORT, TENKYO_DATA)
	@$(MANAGE) serve --demo

setup:  ## virtual environment with the pinned packages
	@$(PYTHON) requirements/install.py runtime

setup-test:  ## the same with what tests need
	@$(PYTHON) requirements/install.py test

models: setup  ## bring the model files, checked by SHA-256
	@$(MANAGE) models_fetch

messages: $(MESSAGES:.po=.mo)

%.mo: %.po
	@$(VENV)/bin/pybabel --quiet compile -i $< -o $@

test: setup-test models messages lint  ## lint, types, import rules and every test
	@$(RUN) -m pytest $(PYTEST_ARGS)

lint: setup-test  ## ruff, mypy, import-linter
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

format: setup-test  ## let ruff format and fix
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

BENCHMARKS := reading tables ocr retrieval dictionary ingest first_page search first_token memory

bench: setup-test models  ## every benchmark beside the raw part in the same run
	@for name in $(BENCHMARKS); do echo "== $$name"; $(RUN) -m benchmarks.$$name || exit 1; done

EVALUATE_ARGS ?=
EVALUATE_DATA ?= ../shared/data

evaluate: setup models  ## ask the golden set's questions, of this product and of LlamaIndex's default, and write the figures
	@$(MANAGE) migrate --verbosity 0 && $(MANAGE) first_admin
	@[ ! -d "$(EVALUATE_DATA)" ] || $(MANAGE) evaluate_verdicts --data "$(EVALUATE_DATA)" --write
	@[ ! -d "$(EVALUATE_DATA)" ] || $(MANAGE) evaluate_chunking --data "$(EVALUATE_DATA)" --take-in --splitters
	@$(MANAGE) evaluate --library "Evaluation: manuals" --take-in --baseline --data "$(EVALUATE_DATA)" --write $(EVALUATE_ARGS)

docs: setup  ## write docs/reference from the code
	@$(RUN) -m docs.write_reference

lock: setup-test  ## pin what is installed now in requirements/*.txt
	@$(RUN) requirements/lock.py

clean:  ## remove caches and compiled messages; keeps data, models and .venv
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis locale/*/LC_MESSAGES/*.mo

distclean: clean  ## also the virtual environment; your data in var/ stays
	@rm -rf $(VENV)
