# The menu: `make` lists it. Everything works from a fresh clone; each entry first brings what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := menu
.PHONY: menu install demo test format lint bless bench bench-serve bench-damage bench-attribution accuracy servers clean lock

BIN := .venv/bin
STAMP := .venv/.installed

menu: ## List these entries
	@echo "graphcorr: who moved from which machine to which, and how it is known"; echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 26

install: $(STAMP) ## Make .venv with everything, .venv/bin/graphcorr included

$(STAMP): pyproject.toml requirements.lock
	@python="$$(.ci/find-python)"; echo "Making .venv with $$python"; "$$python" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# Where Python may not write beside its sources, every start would compile them anew.
	@$(BIN)/python -m compileall -q graphcorr api
	@touch $(STAMP)

demo: install ## Hunt a small made-up network: findings on screen, nothing to prepare
	@$(BIN)/graphcorr demo

test: lint servers ## Lint, then run every test
	@$(BIN)/python -m pytest

servers: ## Bring the Neo4j servers, the browser, tshark and libarchive that tests and benchmarks start
	@# Without them tests are skipped, and say so; in continuous integration nothing is.
	@for each in .ci/neo4j-jars .ci/find-chromium .ci/find-tshark .ci/find-libarchive; do $$each > /dev/null || [ -z "$${CI:-}" ]; done

format: install ## Format every file as `make lint` wants it
	@$(BIN)/ruff format .

lint: install ## Style, format and strict types over everything, the types as macOS and Windows have them, too
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@# Each takes one core for as long as the others do.
	@checks=(); for system in darwin win32; do \
		$(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system graphcorr api/graphcorr_api & checks+=($$!); done; \
	$(BIN)/mypy & checks+=($$!); \
	failed=0; for check in "$${checks[@]}"; do wait $$check || failed=1; done; exit $$failed

bless: install ## Rewrite the golden files and generated docs; read the diff before you commit it
	@$(BIN)/python -m graphcorr.logs.table > docs/log-types.md
	@$(BIN)/python -m tests.reference
	@BLESS=1 $(BIN)/python -m pytest

bench: install servers bench-damage ## Measure; rewrites docs/benchmarks.md (takes a while, QUICK=1 for a short try)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick,)

bench-serve: install ## Measure a server: its start, reading logs, readers beside a writer; rewrites docs/serving.md (QUICK=1)
	@$(BIN)/python -m benchmarks.serving $(if $(QUICK),--quick,)

bench-damage: install ## Damage a million records of every format and look what becomes of them (SEED=7 for others, QUICK=1)
	@$(BIN)/python -m benchmarks.damage $(if $(QUICK),--quick,) $(if $(SEED),--seed $(SEED),)

accuracy: install ## Hunt in labelled public telemetry (DATA=../shared/datasets); rewrites docs/accuracy.md
	@$(BIN)/python -m benchmarks.accuracy "$(or $(DATA),../shared/datasets)"

bench-attribution: install ## Measure attribution; rewrites docs/attribution.md (FIT=1 fits the model anew)
	@$(BIN)/python -m benchmarks.attribution $(if $(FIT),--fit,)

lock: ## Rewrite requirements.lock after a change in pyproject.toml (UPGRADE=1 takes the newest of everything)
	@folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
	"$$(.ci/find-python)" -m venv "$$folder"; "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check uv; \
	"$$folder/bin/uv" pip compile --quiet pyproject.toml --extra dev --generate-hashes --no-emit-index-url --universal \
		--python-version 3.11 --no-header $(if $(UPGRADE),--upgrade,) -o requirements.lock

clean: ## Remove what the other entries made
	rm -rf .venv .servers .bench .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
