# Every target sets up what it needs through one stamp: a virtual environment that matches requirements/dev.txt.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp
REQUIREMENTS := requirements/dev.txt

.PHONY: brief desk test browser check audit check-long docs bench clean lock

brief: $(STAMP)
	$(BIN)/comity brief KOR --out out

desk: .venv/.stamp-desk
	COMITY_DESK_HOME=$${COMITY_DESK_HOME:-.desk} $(BIN)/comity-desk serve

test: $(STAMP)  # on every core; each process has a desk and a database of its own
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long and not browser" tests src/comity
	COMITY_DESK_TEST_DATABASE=postgres $(BIN)/python -m pytest -n auto --dist worksteal -m "not long and not browser and not one_database" tests/desk

check: $(STAMP)
	$(BIN)/ruff check src tests bench docs requirements
	$(BIN)/ruff format --check src tests bench docs requirements
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/comity check kor

audit: $(STAMP)
	$(BIN)/python requirements/audit.py $(REQUIREMENTS)

browser: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal -m "browser and not long" tests

check-long: .venv/.stamp-long
	$(BIN)/python -m pytest tests src/comity

docs: $(STAMP)
	$(BIN)/python docs/generate.py
	$(BIN)/zensical build --clean --strict

bench: $(STAMP)
	$(BIN)/python -m bench

lock: $(STAMP)
	cd requirements && for name in core desk dev long; do ../$(BIN)/uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header $$name.in -o $$name.txt; done

$(STAMP): $(REQUIREMENTS) pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python $(REQUIREMENTS)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $(STAMP)

.venv/.stamp-desk: requirements/desk.txt pyproject.toml  # what the desk needs and no more, so that a first look takes a minute; beside all else it changes nothing
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -r requirements/desk.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch .venv/.stamp-desk

.venv/.stamp-long: $(STAMP) requirements/long.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements/long.txt
	touch .venv/.stamp-long

clean:
	rm -rf .venv out site
