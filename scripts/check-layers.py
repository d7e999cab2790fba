#!/usr/bin/env python3
"""Compares every dependency between targets with the table of ARCHITECTURE.md."""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# For each layer (the folder below Sources): the layers, and the modules by name, that its targets may import.
ALLOWED_LAYERS = {
    "Base": {"Base"},
    "Formats": set(),
    "Subjects": {"Base", "Formats"},
    "Facts/Facts": set(),
    "Facts/Collectors": {"Base", "Formats", "Subjects", "Facts/Facts"},
    "Judgement/Findings": set(),
    "Judgement/Policy": {"Judgement/Findings"},
    "Judgement/Checks": {"Facts/Facts", "Judgement/Findings", "Judgement/Policy"},
    "Reports": {"Judgement/Findings"},
    "Pipelines": {
        "Base", "Formats", "Subjects", "Facts/Facts", "Facts/Collectors",
        "Judgement/Findings", "Judgement/Policy", "Judgement/Checks",
    },
    "Interface/Terminal": set(),
    "Interface/Commands": {
        "Pipelines", "Reports", "Interface/Terminal", "Facts/Facts", "Judgement/Findings", "Judgement/Policy",
    },
    "Interface/assay": {"Interface/Commands"},
}
ALLOWED_MODULES = {
    "Formats": {"AssayBytes", "AssayCompression", "AssayJSON", "AssayParallel", "AssaySHA2", "AssayYAML"},
    "Facts/Facts": {"AssayBytes"},
    "Judgement/Findings": {"AssayBytes"},
    "Judgement/Policy": {"AssayBytes", "AssayYAML"},
    "Reports": {"AssayBytes", "AssayJSON"},
    "Interface/Commands": {"AssayBytes", "AssayFileSystem"},
}
# Packages from elsewhere, by the layer that may use them.
ALLOWED_PRODUCTS = {
    "Base": {"Subprocess"},
    "Formats": {"Crypto", "CryptoExtras", "SwiftASN1", "X509"},
    "Pipelines": {"Crypto"},
    "Interface/Commands": {"ArgumentParser"},
    "Interface/assay": {"ArgumentParser"},
}


def layer(path):
    """The layer of a target's path below Sources."""
    parts = pathlib.PurePath(path).parts[1:]
    pair = "/".join(parts[:2])
    return pair if pair in ALLOWED_LAYERS else parts[0]


def main():
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {t["name"]: t for t in json.loads(dump.stdout)["targets"] if t["path"].startswith("Sources/")}
    problems = []
    for name, target in sorted(targets.items()):
        here = layer(target["path"])
        if here not in ALLOWED_LAYERS:
            problems.append(f"{name}: '{target['path']}' is in no known layer")
            continue
        for dependency in target["dependencies"]:
            if "product" in dependency:
                product = dependency["product"][0]
                if product not in ALLOWED_PRODUCTS.get(here, set()):
                    problems.append(f"{name}: {here} may not use {product}")
                continue
            other = (dependency.get("byName") or dependency.get("target"))[0]
            if other not in targets:
                problems.append(f"{name}: {other} is no target below Sources")
                continue
            there = layer(targets[other]["path"])
            if there not in ALLOWED_LAYERS[here] and other not in ALLOWED_MODULES.get(here, set()):
                problems.append(f"{name}: {here} may not import {other} ({there})")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(targets)} targets, {len(problems)} forbidden dependencies")
    sys.exit(1 if problems or not targets else 0)


main()
