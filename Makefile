# The two commands most people need: `make practice` and `make test`. Both set up what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: practice test run lint types check screenshots benchmark clean

practice: $(STAMP) ## open the practice room: a Discord on this machine, no token, no network
	$(BIN)/klaswacht practice

test: $(STAMP) ## run every test
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

screenshots: $(STAMP) ## make the README's pictures from the running bot
	$(BIN)/python -m cogs.practice.pictures docs

benchmark: $(STAMP)
	$(BIN)/klaswacht benchmark

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
