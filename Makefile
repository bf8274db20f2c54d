# The project's verbs. People, pre-commit and CI use the same ones.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TRAINING := .venv/.installed-train

.PHONY: install install-train demo format check test bench clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt .ci/system
	.ci/system
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "yuragi needs Python 3.11 or newer, found %d.%d: run make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# What makes models (torch and others) is large; only checks and tests need it.
install-train: $(TRAINING)

$(TRAINING): $(INSTALLED)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,train]'
	touch $@

demo: install
	$(BIN)/python examples/demo.py

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: install-train
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check
	$(BIN)/pytest -n 2 --cov --cov-report=term

bench: install
	$(BIN)/yuragi bench --json benchmarks/latest.json --overwrite

clean:
	rm -rf .venv out build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
