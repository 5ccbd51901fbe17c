# One word for each thing that is done often; `make` lists them.

CARGO ?= cargo
# More for cargo, such as --locked (as CI does); more for concierge, such as --listen 0.0.0.0:8080.
CARGO_FLAGS ?=
ARGS ?=

.DEFAULT_GOAL := help
# The clients of other people, in JavaScript, which the suite drives against a real port.
CLIENTS := tests/clients/node_modules/.package-lock.json

.PHONY: help run test clients check fmt clippy doc deny schema fuzz schemathesis bench soak tools

help: ## List these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A development build: it is there in half the time of an optimised one, which a first look does not need.
run: tools ## Build and serve a demo estate on http://127.0.0.1:8080; no database to install
	$(CARGO) run $(CARGO_FLAGS) -- serve --demo $(ARGS)

# The real-server tests come last, since their last lines say which databases they ran on. Always the whole workspace:
# another choice of packages is another choice of their features, and builds the dependencies again. A test waits for
# half of its time, for the database and for others.
test: tools clients ## Run every test: on SQLite, and on PostgreSQL when one answers (TEST_DATABASE_URL, else the local one)
	@rm -rf target/tmp/ran-on target/tmp/ran-with
	$(CARGO) test $(CARGO_FLAGS) --workspace --lib --bins
	$(CARGO) test $(CARGO_FLAGS) --workspace --doc
	$(CARGO) test $(CARGO_FLAGS) --workspace --test '*' -- --test-threads=$$(( 2 * $$(getconf _NPROCESSORS_ONLN) ))
	@echo "The suite ran on: $$(ls target/tmp/ran-on | paste -s -d ' ')"
	@if test -e target/tmp/ran-with/clients; then echo "It ran with the JavaScript clients of tests/clients"; \
	else echo "It ran WITHOUT the JavaScript clients of tests/clients, which need node 20 and npm"; fi

clients:
	@if ! command -v npm >/dev/null; then echo "npm is missing: the suite runs without tests/clients" >&2; \
	else $(MAKE) --no-print-directory $(CLIENTS) || echo "npm ci failed: the suite runs without tests/clients" >&2; fi

# Only when the lock has changed; npm writes this file itself when all is there.
$(CLIENTS): tests/clients/package-lock.json
	npm ci --prefix tests/clients

check: fmt clippy doc deny ## Format, lints, documentation and dependencies, as CI checks them

fmt: tools
	$(CARGO) fmt --all --check

clippy: tools
	$(CARGO) clippy $(CARGO_FLAGS) --workspace --all-targets -- -D warnings

doc: tools
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc $(CARGO_FLAGS) --workspace --no-deps

# Advisories come from the network; `.ci/run` looks at them when it can. Duplicate versions are warnings, and many:
# `cargo deny check bans` shows them.
deny: tools
	@$(CARGO) deny --version >/dev/null 2>&1 || { \
		echo "cargo-deny is missing; install it with: cargo install cargo-deny --locked" >&2; exit 1; }
	$(CARGO) deny --log-level error --workspace check bans licenses sources

# Written aside first, so that a build that fails leaves the schema as it is.
schema: tools ## Write schema.graphql from the code
	$(CARGO) run --quiet $(CARGO_FLAGS) -- schema > schema.graphql.new
	mv schema.graphql.new schema.graphql

# Needs a nightly compiler and cargo-fuzz. What breaks it stays in fuzz/artifacts; once mended, it goes into fuzz/corpus. What
# only leads further is kept beside what is built, for the next time.
fuzz: tools ## Look for input that breaks what reads it, MINUTES (1) for each target; `make test` replays what was found
	@cargo fuzz --version >/dev/null 2>&1 || { \
		echo "cargo-fuzz is missing; install it with: cargo install cargo-fuzz --locked" >&2; exit 1; }
	for target in document body message cursor id table; do mkdir -p fuzz/target/corpus/$$target; \
		cargo +nightly fuzz run --dev $$target fuzz/target/corpus/$$target fuzz/corpus/$$target -- \
			-max_total_time=$$(( $${MINUTES:-1} * 60 )) || exit 1; done

schemathesis: tools ## Let schemathesis (Python) ask the demo estate, as each role, EXAMPLES (5) times each field: no 5xx
	$(CARGO) build $(CARGO_FLAGS)
	tests/clients/schemathesis.sh target/debug/concierge $${EXAMPLES:-5}

bench: tools ## Measure, with an optimised build
	$(CARGO) bench $(CARGO_FLAGS) --workspace $(ARGS)

soak: tools ## File complaints for MINUTES (10) while screens come and go and gateways are killed: none may be lost
	MINUTES=$${MINUTES:-10} $(CARGO) bench $(CARGO_FLAGS) --workspace --bench soak

tools:
	@command -v $(CARGO) >/dev/null || { \
		echo "cargo is missing; install Rust as rustup.rs says" >&2; exit 1; }
	@printf '#include <stdio.h>\nint main(void) { return 0; }\n' | $${CC:-cc} -x c -o /dev/null - 2>/dev/null || { \
		echo "no working C compiler ($${CC:-cc}); SQLite and TLS are built with one:" >&2; \
		echo "  Debian, Ubuntu: apt-get install build-essential; Fedora: dnf install gcc; macOS: xcode-select --install" >&2; \
		exit 1; }
