# `make serve` shows the site while you edit, `make test` runs every check.
# Both set up what they need first: see .ci/setup.

BIN := .venv/bin
READY := .venv/.ready

export NO_MKDOCS_2_WARNING := 1 # we pin the MkDocs that we build on

.PHONY: serve test check site format lock oracles clean

serve: $(READY)
	$(BIN)/mkdocs serve

test check: $(READY) .venv/.browser
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadgroup
	$(BIN)/mkdocs build --strict

site: $(READY)
	$(BIN)/mkdocs build --strict

format: $(READY)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# One file for every platform and Python; hashes, so that nobody can swap a package.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --group dev --all-extras --universal \
	    --generate-hashes --no-header --quiet --output-file requirements-dev.txt

# nnref beside PyTorch and JAX themselves: `make test` has their results from files.
oracles: export UV_TORCH_BACKEND ?= cpu
oracles: $(READY)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-oracles
	$(BIN)/uv pip install --quiet --python .venv-oracles/bin/python \
	    --requirements requirements-dev.txt --group oracles
	.venv-oracles/bin/python -m pytest tests/nnref/test_oracles.py

clean:
	rm -rf .venv .venv-oracles site .provenote

$(READY): requirements-dev.txt pyproject.toml .ci/setup
	.ci/setup python
	touch $@

.venv/.browser: $(READY)
	.ci/setup browser
	touch $@
