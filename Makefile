# The project's verbs. People, pre-commit and CI use the same ones.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
TRAINING := .venv/.installed-train
LIVE := max_for_live/node_modules/.installed
NPM := cd max_for_live && PATH="$(CURDIR)/$(BIN):$$PATH" npm

.PHONY: install install-train demo device format check test bench clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt .ci/system
	.ci/system
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "yuragi needs Python 3.11 or newer, found %d.%d: run make PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,render]'
	touch $@

# What makes models (torch and others) is large; only checks and tests need it.
install-train: $(TRAINING)

$(TRAINING): $(INSTALLED)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev,render,train]'
	touch $@

# Node comes with the extra `dev`, and the packages that the Live devices need come through it.
$(LIVE): max_for_live/package.json max_for_live/package-lock.json | $(INSTALLED)
	$(NPM) ci --no-audit --no-fund --loglevel=error >/dev/null
	touch $@

demo: install
	$(BIN)/python examples/demo.py

device: $(LIVE)
	$(NPM) run --silent device

format: install $(LIVE)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run --silent format

check: install-train $(LIVE)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NPM) run --silent check

test: check
	$(BIN)/pytest -n 2 --cov --cov-report=term
	$(NPM) test --silent

bench: install $(LIVE)
	$(BIN)/yuragi bench --json benchmarks/latest.json --overwrite
	$(NPM) run --silent bench -- --json benchmarks/latest.json

clean:
	rm -rf .venv out build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf max_for_live/node_modules max_for_live/dist
