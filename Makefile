# The front door. `make` lists what it can do.

CARGO ?= cargo
DEMO ?= .run/demo
LISTEN ?= 127.0.0.1:8080
PORT ?= 8081
CARGO_DENY_VERSION := 0.20.2

.DEFAULT_GOAL := help
.PHONY: help run cluster test check schema bench deny-tool clean-demo

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build, make the sample register once, serve it and print what to try (DEMO=dir LISTEN=address)
	$(CARGO) build --release --package api
	./target/release/tongyuan demo --data $(DEMO)
	./target/release/tongyuan serve --data $(DEMO) --listen $(LISTEN) --open-counter

cluster: ## Start three nodes, a stand-in for EventStoreDB and a real Redis on loopback; Ctrl-C ends all (PORT=first of three)
	$(CARGO) run --release --package tests --bin cluster -- --port $(PORT)

test: ## Run every test and tell what they measured; what needs data or servers that are not there says SKIPPED
	$(CARGO) test --workspace --no-fail-fast -- --show-output

check: deny-tool ## Format, lints, docs, licences and sources of dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps
	$(CARGO) deny --all-features check bans licenses sources
	@if timeout 60 $(CARGO) deny fetch db >/dev/null 2>&1; then $(CARGO) deny check advisories; \
	else echo "SKIPPED cargo deny check advisories: the advisory database cannot be reached"; fi

schema: ## Write what is generated: GraphQL schema, JSON Schemas of all events, the page of the lifecycle
	$(CARGO) run --quiet --package api -- schema > api/schema.graphql.new
	mv api/schema.graphql.new api/schema.graphql
	$(CARGO) run --quiet --package api -- schema --events domain/schemas
	$(CARGO) run --quiet --package domain --example lifecycle > docs/lifecycle.md.new
	mv docs/lifecycle.md.new docs/lifecycle.md

bench: ## Measure what docs/performance.md promises, as ratios within one run
	$(CARGO) bench --package tests --bench figures

deny-tool:
	@$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install --locked --version $(CARGO_DENY_VERSION) cargo-deny

clean-demo: ## Throw the sample register away; the next `make run` makes a new one
	rm -rf $(DEMO)
