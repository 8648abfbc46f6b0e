# make setup | reports | test | ...; `make` alone lists them.

STUDIES := incentive-schemes warsaw-halls
PANGO   := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
SUDO    := $(if $(filter 0,$(shell id -u)),,sudo)

REPORTS := $(STUDIES:%=report-%)
.PHONY: help setup reports $(REPORTS) test bench lint format lab lock system-packages clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## make the environment .venv, once
	@./setup.sh

reports: $(REPORTS)  ## run the studies and write reports/

$(REPORTS): report-%: setup
	.venv/bin/sim run $*
	.venv/bin/sim report $*

test: setup  ## run the tests; a part of them: make test ARGS="tests/rules -k pay"
	.venv/bin/python -m pytest -n 2 $(ARGS)

bench: setup  ## measure speed and memory
	.venv/bin/python -m benchmarks $(ARGS)

lint: setup  ## check style, notebooks too
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

format: setup  ## put style right where that can be done by machine
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lab: setup  ## open the notebooks in JupyterLab
	.venv/bin/jupyter lab notebooks

lock: setup  ## write requirements.lock anew after pyproject.toml changed; newest of everything: ARGS=--upgrade
	UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock $(ARGS)

# Elsewhere: `brew install pango` on macOS, `dnf install pango` on Fedora.
system-packages:  ## install what PDF reports need on Debian and Ubuntu (asks for root)
	$(SUDO) apt-get update -q
	$(SUDO) apt-get install -q -y --no-install-recommends $(PANGO)

clean:  ## remove .venv and caches; results/ and reports/ stay
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
