# Everything that a person or CI does with this tree. `make` alone tells what there is.
# Nothing has to be prepared: each target brings what it needs, and does that once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# A stamp lies in what it speaks of, so that removing the one removes the other.
NODE := .build/node-is-there
MODULES := node_modules/.complete
GENERATED := proto/generated/.complete
BUILT := dist/.complete
# tools/node has a current Node when the system's own is too old; the tools of node_modules come next.
export PATH := $(CURDIR)/tools/node/node_modules/.bin:$(CURDIR)/node_modules/.bin:$(PATH)

DESTDIR ?=
PREFIX ?= /usr
WORLD ?= demo
SEED ?=
WORLDS ?=
KILLS ?=
VITEST_FLAGS ?=
# What `make check` compares the contract with.
BUF_AGAINST ?= .git\#branch=main

PROTO := $(shell find proto -name '*.proto' -not -path 'proto/generated/*' 2>/dev/null)
SOURCES := $(shell find cli server agent tui waybar rpc domain tools -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.sql' \) \
	-not -name '*.test.*' -not -path '*/node_modules/*' 2>/dev/null)

.PHONY: help
help: ## What can be made
	@awk 'BEGIN { FS = ":.*## " } /^[a-z][a-z0-9-]*:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- what everything stands on -------------------------------------------------------------------------------------

$(NODE): tools/node/package-lock.json package.json
	@mkdir -p $(@D)
	@tools/bring-node.sh
	@touch $@

# Compared by content: a fresh stamp must not reinstall what is there.
$(MODULES): package-lock.json $(NODE)
	@node tools/modules-current.ts || NODE_OPTIONS=--no-deprecation npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@node tools/hydrate-postgres.ts
	@touch $@

$(GENERATED): $(PROTO) buf.gen.yaml $(MODULES)
	@buf generate
	@touch $@

$(BUILT): $(SOURCES) $(GENERATED)
	@node tools/build.ts
	@touch $@

.PHONY: pacman-tools
pacman-tools:
	@tools/need.sh pacman

.PHONY: test-tools
test-tools:
	@tools/need.sh pacman test

.PHONY: waybar-tools
waybar-tools:
	@tools/need.sh pacman test waybar

.PHONY: bench-tools
bench-tools:
	@tools/need.sh pacman bench waybar

# A second pacman, for what must hold under both.
.PHONY: pacman7-tools
pacman7-tools: pacman-tools
	@tools/need.sh pacman7

# --- use -----------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: $(BUILT) pacman-tools ## Five machines in folders, a server, real pacman: the whole story (a TUI in a terminal)
	@node test/worlds/demo/main.ts

.PHONY: play
play: $(BUILT) pacman-tools ## The TUI on a named world of the tests: make play WORLD=behind; WORLD=? lists them
	@node test/worlds/main.ts "$(WORLD)"

.PHONY: build
build: $(BUILT) ## The programs, bundled into dist/

.PHONY: generate
generate: $(GENERATED) ## Code from the contract, documents and diagrams from the code
	@node tools/generate.ts

.PHONY: format
format: $(MODULES) ## Format everything and sort the imports
	@biome check --write --log-level=warn .

# --- gates ---------------------------------------------------------------------------------------------------------

.PHONY: check
check: $(GENERATED) ## Format, lint, import table, types, unused code, contract, generated documents
	@node tools/check.ts "$(BUF_AGAINST)"

.PHONY: test
test: $(BUILT) waybar-tools ## Every test but the long ones
	@vitest run --project '!long*' $(VITEST_FLAGS)

.PHONY: test-unit
test-unit: $(GENERATED) pacman-tools ## Tests beside the code, and the gates' own
	@vitest run --project unit --project house $(VITEST_FLAGS)

.PHONY: test-rpc
test-rpc: $(BUILT) test-tools ## Every call against real PostgreSQL and Redis
	@vitest run --project rpc $(VITEST_FLAGS)

.PHONY: test-pacman
test-pacman: $(BUILT) test-tools ## The agent against real pacman in scratch roots
	@vitest run --project pacman $(VITEST_FLAGS)

.PHONY: test-pacman7
test-pacman7: $(BUILT) test-tools pacman7-tools ## The same under pacman 7, which is brought into .build when the machine's own is older
	@vitest run --project long-pacman7 $(VITEST_FLAGS)

.PHONY: test-tui
test-tui: $(BUILT) test-tools ## The TUI in a real terminal emulator
	@vitest run --project tui $(VITEST_FLAGS)

.PHONY: golden-screens
golden-screens: $(GENERATED) ## Write the texts of all screens anew; what changed shows in git diff
	@vitest run --project tui test/tui/golden-screens.test.tsx --update $(VITEST_FLAGS)

.PHONY: test-waybar
test-waybar: $(BUILT) waybar-tools ## The launcher and the WayBar lines of the built program
	@vitest run --project waybar $(VITEST_FLAGS)

.PHONY: test-e2e
test-e2e: $(BUILT) test-tools ## Server, agents and pacman together
	@vitest run --project e2e $(VITEST_FLAGS)

.PHONY: test-long
test-long: $(BUILT) test-tools waybar-tools pacman7-tools ## Simulators, chaos, scale; the pacman suite under pacman 7
	@vitest run --project 'long*' $(VITEST_FLAGS)

.PHONY: chaos
chaos: $(GENERATED) pacman-tools pacman7-tools ## Random SIGKILLs of agent and pacman under both pacmans; SEED=n does one again, KILLS=n
	@SEED="$(SEED)" KILLS="$(KILLS)" node test/long/chaos/main.ts

.PHONY: worlds
worlds: $(GENERATED) pacman-tools ## Random package worlds on real pacman, new ones every time; SEED=n from there on, WORLDS=n
	@SEED="$(SEED)" WORLDS="$(WORLDS)" node test/long/worlds/main.ts

.PHONY: bench
bench: $(BUILT) bench-tools ## Benchmarks, each beside its peer in the same run, as one table
	@node bench/main.ts

# --- deliver -------------------------------------------------------------------------------------------------------

.PHONY: install
install: $(BUILT) ## Copy the built programs, the launcher and the units below DESTDIR
	@tools/bring-node.sh --always
	@node tools/install.ts "$(DESTDIR)" "$(PREFIX)"

.PHONY: clean
clean: ## Remove what was built (node_modules stays)
	@rm -rf dist .build proto/generated coverage
