.PHONY: bench bench-compare bench-thresholds bench-trust bench-verity bench-verify

BENCHMARK := swift package --allow-writing-to-package-directory benchmark
BENCH_LIEF := Benchmarks/.build/lief

## bench: the in-process benchmarks against the committed thresholds, then whole processes against other tools
bench: dependencies
	cd Benchmarks && $(BENCHMARK) thresholds check --target Formats --path Thresholds
	$(MAKE) bench-compare
	$(MAKE) bench-verity
	$(MAKE) bench-verify
	$(MAKE) bench-trust

# Writes the thresholds anew, where a change of speed is meant.
bench-thresholds: dependencies
	cd Benchmarks && $(BENCHMARK) thresholds update --target Formats --skip ELFReport-installed --path Thresholds

bench-compare: build $(BENCH_LIEF)/bin/python
	Benchmarks/compare.py --assay $(ASSAY) --python $(BENCH_LIEF)/bin/python $(COMPARE_FLAGS)

# 'assay verity' beside veritysetup and the SHA-256 kernel alone; 3 GB of temporary files.
bench-verity: build
	Benchmarks/verity.py --assay $(ASSAY)

# 'assay verify' beside gpgv, sha256sum and rpmkeys; 2 GB of temporary files.
bench-verify: build test-dependencies
	Benchmarks/verify.py --assay $(ASSAY)

# 'assay trust update' beside six 'trust extract' calls and a shell script that splits a bundle.
bench-trust: build test-dependencies
	Benchmarks/trust.py --assay $(ASSAY)

$(BENCH_LIEF)/bin/python:
	python3 -m venv $(BENCH_LIEF)
	$@ -m pip install --quiet lief==0.16.6
