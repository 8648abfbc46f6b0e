# make setup | reports | docs | test | ...; `make` alone lists them.

STUDIES := incentive-schemes warsaw-halls
PANGO   := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
BROWSER := --no-deps --require-hashes --target .test-tools/python -r tests/dashboard/browser.lock
SUDO    := $(if $(filter 0,$(shell id -u)),,sudo)

DOUBTED := incentive-schemes
REPORTS := $(STUDIES:%=report-%)
LONG    := report-incentive-schemes-long
.PHONY: help setup reports $(REPORTS) $(LONG) briefs emergence docs site test test-tools test-faults bench lint types format lab dashboard lock system-packages clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## make the environment .venv, once
	@./setup.sh

reports: $(REPORTS)  ## run the studies and write reports/

$(REPORTS) $(LONG): report-%: setup
	.venv/bin/sim run $*
	$(if $(filter $*,$(DOUBTED)),.venv/bin/sim sensitivity $*)
	.venv/bin/sim report $*

briefs: setup  ## simulate every scenario as it stands and write reports/scenarios/; some of them: ARGS="binhai province"
	.venv/bin/sim brief $(or $(ARGS),$(notdir $(patsubst %/,%,$(dir $(wildcard scenarios/*/scenario.yaml)))))

docs: setup  ## write docs/api.md, docs/keys.*.md and docs/rules, a page a rule (a quarter of an hour, what is kept at once); one: ARGS="--only gate"
	.venv/bin/python -m docs.tools api
	.venv/bin/python -m docs.tools keys
	.venv/bin/python -m docs.tools rules $(ARGS)

SITE := --no-deps --require-hashes --target .test-tools/site -r docs/site.lock
site: setup  ## build the documentation as a site in site/; a broken link, or a page left out, is an error
	test -d .test-tools/site/mkdocs || .venv/bin/uv pip install --quiet --link-mode copy $(SITE) \
	    || .venv/bin/python -m pip install --quiet $(SITE)
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=.test-tools/site .venv/bin/python -m mkdocs build --quiet --strict --site-dir $(or $(TO),site)

emergence: setup  ## show what emerges when people answer to the rules, in reports/emergence/; quicker: ARGS="--replications 8"
	.venv/bin/python -m docs.tools emergence $(ARGS)

# Two processes, each with one thread: more would wait for one another. A module's tests go to one of them: what they
# share is made once.
test: export OPENBLAS_NUM_THREADS := 1
test: export OMP_NUM_THREADS := 1
test: setup  ## run the tests; a part of them: make test ARGS="tests/rules -k pay"
	.venv/bin/python -m pytest -n 2 --dist loadscope $(ARGS)

# An editor's language server and axe-core (npm), LibreOffice, a browser and what drives it, MkDocs. Tests that need one of them are skipped
# where it is missing, unless ALL_TESTS=1.
test-tools: setup  ## install what some tests need beside the environment: a language server, axe-core, LibreOffice, Chromium, MkDocs
	npm install --prefix .test-tools --no-audit --no-fund yaml-language-server@1 axe-core@4
	command -v localc > /dev/null || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -q -y --no-install-recommends libreoffice-calc; }
	command -v chromium > /dev/null || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -q -y --no-install-recommends chromium; }
	.venv/bin/uv pip install --quiet --link-mode copy $(BROWSER) || .venv/bin/python -m pip install --quiet $(BROWSER)
	.venv/bin/uv pip install --quiet --link-mode copy $(SITE) || .venv/bin/python -m pip install --quiet $(SITE)

test-faults: setup  ## disturb studies at 50 random moments a fault (half an hour); fewer: FAULTS=10
	FAULTS=$(or $(FAULTS),50) .venv/bin/python -m pytest tests/faults $(ARGS)

bench: setup benchmarks/.others  ## measure speed and memory, under 10 minutes, and note it in benchmarks/history.csv; to keep the table: ARGS="--write docs/performance.md"
	.venv/bin/python -m benchmarks --history benchmarks/history.csv $(ARGS)

# Without them, as where nothing can be downloaded, the table says so.
ALONE := --quiet --no-deps --require-hashes --target benchmarks/.others -r benchmarks/requirements.lock
benchmarks/.others: benchmarks/requirements.lock | setup
	rm -rf $@
	.venv/bin/uv pip install --link-mode copy $(ALONE) || .venv/bin/python -m pip install $(ALONE) || rm -rf $@

lint: setup types  ## check style, notebooks too, and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup  ## check the types of sim
	.venv/bin/mypy

format: setup  ## put style right where that can be done by machine
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lab: setup  ## open the notebooks in JupyterLab
	.venv/bin/jupyter lab notebooks/start_here.ipynb

dashboard: setup  ## open the what-if page in the browser: rules on sliders; another office: ARGS=outpatients
	.venv/bin/sim dashboard $(ARGS)

lock: setup  ## write requirements.lock anew after pyproject.toml changed; newest of everything: ARGS=--upgrade
	UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock $(ARGS)
	.venv/bin/uv pip compile benchmarks/requirements.in --universal --python-version 3.11 \
	    $(foreach package,colorama numpy setuptools tqdm,--no-emit-package $(package)) \
	    --generate-hashes --no-header --no-annotate --quiet --output-file benchmarks/requirements.lock $(ARGS)
	.venv/bin/uv pip compile tests/dashboard/browser.in --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --quiet --output-file tests/dashboard/browser.lock $(ARGS)
	.venv/bin/uv pip compile docs/site.in --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --quiet --output-file docs/site.lock $(ARGS)

# Elsewhere: `brew install pango` on macOS, `dnf install pango` on Fedora.
system-packages:  ## install what PDF reports need on Debian and Ubuntu (asks for root)
	$(SUDO) apt-get update -q
	$(SUDO) apt-get install -q -y --no-install-recommends $(PANGO)

clean:  ## remove .venv and caches; results/ and reports/ stay
	rm -rf .venv benchmarks/.others .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
