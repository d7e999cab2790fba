.PHONY: fuzz-smoke fuzz-build

# Instrumented builds have a scratch folder of their own, which `clean` removes with the rest.
FUZZ_BUILD := Fuzz/.build
FUZZ_SECONDS ?= 2
FUZZ_RUN = --bin $(FUZZ_BUILD)/release --corpus $(FUZZ_BUILD)/corpus --artifacts $(FUZZ_BUILD)/crashes

fuzz-build: dependencies
	swift build --package-path Fuzz --scratch-path $(FUZZ_BUILD) -c release --sanitize fuzzer $(SWIFT_FLAGS)
	Fuzz/gen-corpus $(FUZZ_BUILD)/corpus

## fuzz-smoke: build every fuzz target, run each for some seconds, then on large repetitive inputs
fuzz-smoke: fuzz-build
	Fuzz/run $(FUZZ_RUN) --seconds $(FUZZ_SECONDS)
	Fuzz/run $(FUZZ_RUN) --large
