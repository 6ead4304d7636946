# What people type. Everything real is in scripts/ and in `cargo xtask`.
PYTHON := .venv/bin/python
EXAMPLE ?= examples/geodistance

.PHONY: setup demo test bench rust python examples clean

setup:
	@scripts/setup.sh

demo: setup
	@$(PYTHON) scripts/demo.py $(EXAMPLE)

test: setup rust python

rust:
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	cargo test --workspace
	cargo xtask tidy

examples: setup
	@scripts/install-examples.sh

python: examples
	@scripts/setup.sh pypy
	.venv/bin/ruff check .
	.venv/bin/mypy --strict pep517/hypersonic_build runtime/hypersonic scripts
	.venv/bin/pytest -q tests examples

bench: setup
	@scripts/setup.sh bench
	$(PYTHON) benches/run.py
	$(PYTHON) benches/overhead.py

clean:
	rm -rf target dist .venv
