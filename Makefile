# Assay: see README.md. `make audit` and `make test` are the two to begin with.
SWIFT_FLAGS := --explicit-target-dependency-import-check error
ASSAY := .build/release/assay

.PHONY: audit build test check check-layers fmt docs man security-txt clean dependencies test-dependencies

## audit: install what is needed, build, audit this machine, write report.json and report.html
audit: dependencies
	swift build -c release --static-swift-stdlib --product assay $(SWIFT_FLAGS)
	@status=0; $(ASSAY) audit / --facts facts.json || status=$$?; \
	[ $$status -le 2 ] || exit $$status; \
	$(ASSAY) audit --from-facts facts.json --format json --output report.json --fail-on none && \
	$(ASSAY) audit --from-facts facts.json --format html --output report.html --fail-on none && \
	echo "written: report.json, report.html and facts.json (assay audit ended with exit code $$status)"

## build: a release build of the command-line tool
build: dependencies
	swift build -c release --static-swift-stdlib --product assay $(SWIFT_FLAGS)

## test: every test, differential ones included; installs their peers
test: test-dependencies
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build --parallel

## check: format, layers, generated files, shell scripts
check: dependencies check-layers
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	scripts/generate-checks.py --check

check-layers:
	scripts/check-layers.py

## fmt: format all Swift files
fmt:
	swift format format --in-place --parallel --recursive Sources Tests Package.swift

## docs: write the generated pages and the check registry
docs:
	scripts/generate-checks.py

## man: write man/assay.1 and its subcommands' pages
man: dependencies
	mkdir -p man
	swift package --allow-writing-to-package-directory generate-manual --multi-page --output-directory man

## security-txt: write .well-known/security.txt for where the repository is hosted, or for CONTACT=URI
security-txt: build
	@ASSAY=$(ASSAY) scripts/security-txt

include Fuzz/fuzz.mk
include Benchmarks/bench.mk

dependencies:
	@scripts/install-dependencies build

test-dependencies:
	@scripts/install-dependencies test

clean:
	rm -rf .build Fuzz/.build Benchmarks/.build man report.json report.html facts.json
