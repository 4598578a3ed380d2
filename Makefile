# Commands that set themselves up in .venv: make demo, make test, make campaign.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start some hundred processes; without bytecode on disk each would compile our sources anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check campaign screenshots examples

# Open the explorer on the built-in search. Without a terminal, run the same search and print it.
demo: .venv/installed
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/nnsize-tui --start; else $(BIN)/nnsize size; fi

# Three processes also on two cores, because tests of runners mostly wait. A file stays in one process, because its tests share runs. The
# files keep their order: otherwise files of few but long tests come last, and one process waits for the other.
test: check
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --config-file= --strict --ignore-missing-imports engine/benchmarks tui/benchmarks
	$(BIN)/lint-imports

# Random kills, corruptions, hostile folders, inputs, races, terminals and full disks. An interrupted campaign goes on.
# MINUTES=5 takes less time, ONLY=kills tries one kind, and with SEED=123 repeats one trial.
MINUTES ?= 30
campaign: .venv/tested
	PYTHONPATH=tests $(BIN)/python -m campaign --minutes $(MINUTES) $(addprefix --only ,$(ONLY)) $(if $(SEED),--seed $(SEED))

screenshots: .venv/tested
	$(BIN)/python tests/take_screenshots.py

# Of pip's many words, the names of packages as they are collected; its errors go past this.
SHOW_PACKAGES := /^Collecting / { sub(/[^A-Za-z0-9._-].*/, "", $$2); print "  " $$2; fflush() } \
	/^Installing collected/ { print "  unpacking all of them"; fflush() }

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nnsize needs Python 3.11 or later; name one with: make PYTHON=python3.11 ...")'
	@echo "Setting up nnsize in .venv, once. This takes about a minute; pip installs:"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@{ PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --editable '.[all]' || touch .venv/failed; } | awk '$(SHOW_PACKAGES)'
	@if [ -e .venv/failed ]; then rm .venv/failed; exit 1; fi
	@touch $@

# Compute the example runs again that come with the package.
examples: .venv/tested
	$(BIN)/python tests/make_examples.py

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	@touch $@
