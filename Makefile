# Two commands matter: `make up` runs Frontdesk here, `make test` checks everything that CI checks.
# Each installs what it needs first (scripts/setup says what it does).

.PHONY: up test postgrest console bench fmt clean
.DEFAULT_GOAL := up

up: ## Frontdesk on a private PostgreSQL with demo data, at http://localhost:4000
	@scripts/setup
	@scripts/console
	@cargo build --workspace --bins --locked
	@exec ./target/debug/frontdesk up

test: ## What CI runs
	@scripts/setup test
	@scripts/test

postgrest: ## supabase-js's data client against a server with PostgREST's protocol
	@scripts/setup test
	@scripts/postgrest

console: ## The web console, if its sources changed
	@scripts/setup
	@scripts/console

BENCH ?= inbox
bench: ## A benchmark on a release build: `make bench` (the inbox page against pgbench), `make bench BENCH=tenancy`
	@scripts/setup
	@scripts/console
	@cargo build --package frontdesk-server --locked --release
	@exec ./target/release/frontdesk bench $(BENCH)

fmt:
	@cargo fmt --all

clean: ## Builds and test clusters; the development cluster with its data stays (delete that with `devdb remove`)
	@for dir in .frontdesk/test-*; do if [ -d "$$dir" ] && [ -x target/debug/devdb ]; then target/debug/devdb remove --dir "$$dir"; fi; done
	@cargo clean
	@rm -rf console/dist console/node_modules e2e/node_modules e2e/artifacts sdk/node_modules sdk/*/dist sdk/examples/*/dist
