# The logic is in scripts/; each script's head says what it does.
.DEFAULT_GOAL := help
.PHONY: help build test test-go test-race test-store test-llm test-web test-e2e golden lint fuzz bench bench-ort eval fit promises crash shift handoff web widget generate demo clean

# Time for each fuzz target, and kill -9 cycles on each store.
FUZZTIME ?= 10s
CYCLES ?= 1000

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the one static binary, ./frontdesk
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o frontdesk ./cmd/frontdesk

test: ## all tests, as CI runs them; installs what they need (as root, by apt and npm)
	@scripts/test.sh

test-go: ## every Go test, on SQLite and Postgres
	@scripts/test.sh go

test-race: ## every Go test under the race detector
	@scripts/test.sh race

test-store: ## the stores' tests, on SQLite and Postgres
	@scripts/test.sh store

test-llm: ## the tests that want a real language model; builds one into .cache (10 minutes, once)
	@scripts/llm.sh

test-web: ## widget and console: types, lint, unit tests, size, and that a rebuild changes nothing
	@scripts/test.sh web

test-e2e: ## the whole product in a browser
	@scripts/test.sh e2e

golden: ## take the widget's golden pictures anew; look at what git diff shows
	FRONTDESK_GOLDEN=1 scripts/test.sh e2e golden

lint: ## go vet, gofmt, golangci-lint
	@scripts/test.sh lint

fuzz: ## every fuzz target for FUZZTIME (10s)
	@scripts/fuzz.sh $(FUZZTIME)

bench: ## every benchmark
	@scripts/test.sh bench

bench-ort: ## the encoder beside onnxruntime, which pip fetches
	@scripts/bench-ort.sh

eval: ## ask all development sets that are found, write docs/evals; goes on where it was stopped
	go run ./evals/suite

fit: ## fit the judge anew to the development sets, and say where it differs from bot/judge.json
	go run ./bot/fit -check -cache .cache/evals/vectors

promises: ## play 10,000 conversations with clock jumps and restarts: no promise is forgotten; minutes
	FRONTDESK_LONG=1 go test -timeout 60m -run TestNoPromiseIsForgotten -v ./handoff

crash: ## kill -9 of a writer, CYCLES times (1000) on each store; long
	@CYCLES=$(CYCLES) scripts/test.sh crash

shift: ## a shift in a browser: 2 agents, 20 customers, 60 conversations on each store; long
	@scripts/test.sh shift

handoff: ## the handoff's state machine on each store, under the race detector: 10,000 interleavings, 1,000 races; long
	@scripts/test.sh handoff

web: ## build widget and console into their dist folders, which are committed
	scripts/npm.sh widget
	npm --prefix widget run build
	scripts/npm.sh console
	npm --prefix console run build

widget: ## measure the widget in a browser, write docs/widget.md
	@scripts/test.sh report

generate: ## write the generated files anew
	go generate ./...

demo: ## run a help desk with sample articles
	go run ./cmd/frontdesk demo

clean: ## remove what was built or installed in this folder
	rm -rf .cache frontdesk widget/node_modules console/node_modules e2e/node_modules
