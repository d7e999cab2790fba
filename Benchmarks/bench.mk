.PHONY: bench bench-compare

BENCHMARK := swift package --package-path Benchmarks --scratch-path Benchmarks/.build --allow-writing-to-package-directory benchmark
BENCH_LIEF := Benchmarks/.build/lief

## bench: the in-process benchmarks against the committed thresholds, then whole processes against other tools
bench: dependencies
	$(BENCHMARK) thresholds check --target Formats --path Benchmarks/Thresholds
	$(MAKE) bench-compare

bench-compare: build $(BENCH_LIEF)/bin/python
	Benchmarks/compare.py --assay $(ASSAY) --python $(BENCH_LIEF)/bin/python $(COMPARE_FLAGS)

$(BENCH_LIEF)/bin/python:
	python3 -m venv $(BENCH_LIEF)
	$@ -m pip install --quiet lief==0.16.6
