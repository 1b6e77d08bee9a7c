# The tasks for developers. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
# Every recipe runs with the toolchain and the tools that the set-up chose.
export BASH_ENV := $(CURDIR)/scripts/env.sh

CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR
# What takes minutes leaves a stamp, and runs again when one of its sources is newer. The stamps lie in the checkout, so
# that a fresh clone builds and tests everything.
in_git = $(wildcard $(shell git ls-files --cached --others --exclude-standard -- $(1)))
CLASSIFIER_SOURCES := $(call in_git,Cargo.toml Cargo.lock .cargo scripts/setup.sh classifier)
PAGE_SOURCES := $(call in_git,Cargo.toml Cargo.lock .cargo api app/Cargo.toml app/src \
	classifier/Cargo.toml classifier/src classifier/weights frontend style public scripts/merge_chunks.mjs)
SERVER_SOURCES := $(PAGE_SOURCES) $(call in_git,migration server/Cargo.toml server/src)
# Beside the site, which cargo-leptos puts into the checkout even when CARGO_TARGET_DIR is elsewhere. A stamp is as old as
# the start of its task: what changed meanwhile is newer.
DONE := target/done
BUILT := $(DONE)/page $(DONE)/server
# One set of features for everything that is compiled natively, so that nothing is compiled twice.
NATIVE := --workspace --exclude frontend --features classifier/mnist
# cargo-leptos adds this flag when it watches. With the same flag, and without LEPTOS_WATCH, which leptos reads when it is
# compiled, `make watch`, the tests and clippy share what they compile.
FAST := RUSTFLAGS='--cfg erase_components'
NEXTEST := $(FAST) cargo nextest run --cargo-profile watch

.DEFAULT_GOAL := help
.PHONY: help run watch build dist test fmt fmt-check lint unit wasm onnx schema inference end2end fuzz train mnist fonts bench compare growth pressure sbom screenshots setup setup-test clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: build ## set up what is missing, build, and serve http://127.0.0.1:3000
	exec $(CARGO_TARGET_DIR)/release/server

watch: setup ## serve it as `make run` does, build again after each change and reload the browser
	mkdir -p target
	LEPTOS_HASH_FILES=false LEPTOS_SITE_ROOT=target/site-watch LEPTOS_BIN_CARGO_COMMAND='env -u LEPTOS_WATCH cargo' \
		exec cargo leptos watch

build: setup ## build the server and the page, as `make run` serves them
	@$(MAKE) --no-print-directory $(BUILT)

$(DONE)/page: $(PAGE_SOURCES)
	@mkdir -p $(@D) && touch $@.begun
	@printf '\033[1m==>\033[0m %s\n' "building the page, WASM (the first time: 5 min on 2 cores)"
	cargo leptos build --release --split --precompress --frontend-only
	@node scripts/merge_chunks.mjs target/site/pkg $(CARGO_TARGET_DIR)/release/hash.txt
	@cp $(CARGO_TARGET_DIR)/release/hash.txt target/site/
	@mv $@.begun $@

$(DONE)/server: $(SERVER_SOURCES)
	@mkdir -p $(@D) && touch $@.begun
	@printf '\033[1m==>\033[0m %s\n' "building the server (the first time: 10 min on 2 cores)"
	cargo leptos build --release --server-only
	@mv $@.begun $@

dist: setup ## build what is deployed (deploy/Dockerfile): as `make build`, stripped, with optimised pages
	@$(MAKE) --no-print-directory $(DONE)/page
	cargo build --profile dist --package server --bin server

setup: ## install what building needs and this machine lacks
	@scripts/setup.sh build

setup-test: ## install what testing needs as well
	@scripts/setup.sh test

test: setup-test ## set up, then every check and every test
	@$(MAKE) --no-print-directory fmt-check lint unit wasm onnx schema inference end2end

fmt: setup ## format the code
	cargo fmt --all

fmt-check:
	cargo fmt --all --check

lint: ## clippy on the host and on WASM, warnings denied; spelling, scripts, dependencies, container files
	$(FAST) cargo clippy --profile watch --workspace --exclude frontend --features classifier/train --all-targets -- --deny warnings
	$(FAST) cargo clippy --profile watch --package frontend --target wasm32-unknown-unknown -- --deny warnings
	typos
	shellcheck --external-sources .ci/run $(shell git ls-files '*.sh')
	cargo deny --log-level error check licenses bans sources
	scripts/same_features.sh $(NATIVE)
	hadolint deploy/Dockerfile
	dclint --quiet deploy/compose.yaml

ifdef T
unit: setup-test
	env --unset=TEST_DATABASE_URL $(NEXTEST) $(NATIVE) --test api '$(T)'
else
unit: $(DONE)/classifier ## unit and API tests, the latter on SQLite and Postgres; T=login: only API tests so named, on SQLite
	env --unset=TEST_DATABASE_URL $(NEXTEST) $(NATIVE) --filterset 'not package(classifier)'
	scripts/postgres.sh env $(NEXTEST) $(NATIVE) --filterset 'binary_id(server::api)'
endif

# The classifier depends on no other crate here, so only its own sources can change the outcome of its tests.
$(DONE)/classifier: $(CLASSIFIER_SOURCES)
	@mkdir -p $(@D) && touch $@.begun
	$(NEXTEST) $(NATIVE) --filterset 'package(classifier)'
	cargo nextest run --release --package classifier --features train --lib --test retraining
	@mv $@.begun $@

wasm: $(DONE)/wasm ## the classifier in WASM reads every test digit as the native one does

$(DONE)/wasm: $(CLASSIFIER_SOURCES)
	@mkdir -p $(@D) && touch $@.begun
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner WASM_BINDGEN_TEST_TIMEOUT=900 \
		cargo test --profile wasm-release --package classifier --features mnist --target wasm32-unknown-unknown \
		--target-dir $(CARGO_TARGET_DIR)/front --test wasm
	@mv $@.begun $@

onnx: $(DONE)/onnx ## onnxruntime reads every test digit as the classifier does (scripts/export_onnx.py)

$(DONE)/onnx: $(CLASSIFIER_SOURCES) $(wildcard scripts/*_onnx.py) server/benches/peer/requirements.txt
	@mkdir -p $(@D) && touch $@.begun
	"$$TRAZO_CACHE/peer/bin/python" scripts/export_onnx.py target/digits.onnx
	"$$TRAZO_CACHE/peer/bin/python" scripts/check_onnx.py target/digits.onnx
	@mv $@.begun $@

schema: $(BUILT) ## a running server is as its OpenAPI description says (schemathesis)
	scripts/schemathesis.sh

inference: $(BUILT) ## tritonclient reads every test digit on a running server as the classifier does
	scripts/inference.sh

end2end: $(BUILT) ## the browser tests
	@# One of them retrains the network.
	cargo build --release --package classifier --features train --bin retrain
	npm --prefix end2end test

SECONDS := 60
fuzz: setup ## fuzz what reads untrusted input, a minute each; T=quota: one target; SECONDS=600, or RUNS=10000000 (needs a C++ compiler)
	FUZZ_SECONDS='$(SECONDS)' FUZZ_RUNS='$(RUNS)' FUZZ_INPUT='$(INPUT)' FUZZ_KEEP='$(KEEP)' scripts/fuzz.sh $(T)

bench: build ## measure the network, preprocessing, decoding, /predict and its throughput (needs wrk)
	@scripts/setup.sh bench
	cargo bench --package classifier --features mnist
	cargo bench --package server
	server/benches/load.sh
	server/benches/redis.sh

compare: dist ## measure /predict, as deployed, beside FastAPI with onnxruntime, in turns (needs wrk)
	@scripts/setup.sh bench
	server/benches/compare.sh

growth: build ## measure how cost grows: history, accounts, sessions, connections, image size (needs wrk and 5 GB)
	@scripts/setup.sh bench
	server/benches/growth.sh

pressure: build setup-test ## kills, overload, slow clients, guessing, full disks, outages: docs/reliability.md (two hours)
	scripts/pressure.sh

mnist: ## fetch MNIST
	@scripts/mnist.sh

fonts: ## fetch the fonts that the network is trained on
	@scripts/fonts.sh

OUT := target/retrained
train: ## train the network and write its weights and model card (about two hours on 2 cores; resumes); CORRECTIONS=data: retrain it with corrections
	@scripts/setup.sh train
ifdef CORRECTIONS
	@[ -f '$(CORRECTIONS)' ] || $(MAKE) --no-print-directory setup $(DONE)/server
	@scripts/retrain.sh '$(CORRECTIONS)' --output '$(OUT)'
else
	cargo run --release --package classifier --features train --bin train
endif

sbom: ## list what the server and the page are made of, in CycloneDX: target/sbom/
	@scripts/setup.sh sbom
	@scripts/sbom.sh

clean: ## remove what was built
	rm -rf $(CARGO_TARGET_DIR) target
