# Everything a person types: run, test, lint, bench. Needs Python 3.11+ with venv, and make.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
FLASK := .venv/bin/flask --app portal.app
PYTEST_ARGS ?= -n 2 --dist worksteal
SOURCES := models.py model_base.py model_codes.py model_channels.py model_letters.py admin_views.py admin_letters.py portal seed tests migrations bench docs tools/*.py

.PHONY: run test lint rules sbom bench format assets requirements translations docs clean
.DEFAULT_GOAL := run

run: .venv/.runtime
	@PORTAL_ENV=$${PORTAL_ENV:-demo} exec $(FLASK) demo

test: .venv/.dev system-packages
	$(PY) -m pytest $(PYTEST_ARGS)

lint: .venv/.dev rules
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/djlint portal/templates --lint --quiet

# Our own rules (tools/semgrep): first that each of them finds its examples, then that the code has
# none. semgrep does not get along with the portal's pins, so it lives in an environment of its own.
SEMGREP := .venv/semgrep/bin/semgrep scan --metrics off --disable-version-check --quiet
rules: .venv/semgrep/.ready
	$(SEMGREP) --test --config tools/semgrep tools/semgrep
	$(SEMGREP) --error --config tools/semgrep portal admin_views.py admin_letters.py

.venv/semgrep/.ready: requirements-semgrep.txt | .venv/bin/python
	@echo "Installing semgrep (once) ..."
	@$(PYTHON) -m venv .venv/semgrep
	@.venv/semgrep/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The bill of materials of a release: CycloneDX, the same bytes for the same sources.
sbom: .venv/.dev
	$(PY) -m tools.sbom dist/sbom.cdx.json

bench: .venv/.dev
	@$(PY) -m bench.run

format: .venv/.dev
	.venv/bin/ruff format $(SOURCES)
	.venv/bin/ruff check --fix $(SOURCES)

# The virtual environments: a stamp each, so that nothing is installed twice.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=... make run)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian, apt install python3-venv"; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing the pinned packages (once, about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing the pinned packages and the tools of the tests ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.runtime

.PHONY: system-packages
system-packages:
	@$(PY) -m tests.support.packages

# Made once by a developer, committed, so that nobody else needs Node or uv.
assets:
	npm ci && npm run build

requirements: | .venv/bin/python
	$(PY) -m pip install --quiet 'uv>=0.13'
	$(UV_COMPILE) requirements.in -o requirements.txt
	$(UV_COMPILE) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(UV_COMPILE) requirements-semgrep.in -o requirements-semgrep.txt

UV_COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements"

# Python's and the templates' Indonesian texts into the English catalogue, what is translated kept;
# then every catalogue is compiled.
translations: .venv/.dev
	.venv/bin/pybabel extract -F babel.cfg -k _l -k lazy -k _in:1c,2 -k lazy_in:1c,2 \
		--ignore-dirs '.* _* node_modules var' --no-location --sort-output -o .venv/messages.pot .
	.venv/bin/pybabel update -i .venv/messages.pot -d portal/translations -l en \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@set -e; for po in portal/translations/*/LC_MESSAGES/*.po; do \
		.venv/bin/pybabel compile --statistics -i $$po -o $${po%.po}.mo; done

docs: .venv/.dev
	$(PY) -m docs.generate

clean:
	rm -rf .venv var node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
