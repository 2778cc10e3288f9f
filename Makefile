# The two commands most people need: `make practice` and `make test`. Both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: practice test run lint types check pictures benchmark audit lock clean

practice: $(STAMP) ## open the practice room: a Discord on this machine, no token, no network
	$(BIN)/klaswacht practice

test: $(STAMP) ## run every test; the page's need a browser
	@.ci/browser
	$(BIN)/python -m pytest

run: $(STAMP) ## run the bot with the settings in .env
	$(BIN)/klaswacht run

check: $(STAMP) ## say what is missing before a school starts
	$(BIN)/klaswacht check

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

pictures: $(STAMP) ## make the README's pictures from the running bot
	$(BIN)/python -m cogs.practice.pictures docs/pictures

audit: ## look every pinned package up in the list of known holes; needs network
	@.ci/audit

benchmark: $(STAMP)
	$(BIN)/klaswacht benchmark

# Every package is pinned with its hash; `make lock` writes the list anew after a change in pyproject.toml.
$(STAMP): pyproject.toml requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(STAMP)

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --quiet --output-file requirements.txt

clean:
	rm -rf $(VENV) .venv-audit build dist .pytest_cache .mypy_cache .ruff_cache
