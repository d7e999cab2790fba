#!/usr/bin/env python3
"""Compares what Assay says about the ELF corpus with its recipes, and prints each difference.

usage: assay_verdicts.py CORPUS_FOLDER FACTS

Stricter than the tools are compared: 'no verdict' is right only where the recipe says so. FACTS is what
`assay audit ROOT --facts FACTS` saved of a root directory that holds the corpus and the C library it was built with.
The exit code is 1 when there is a difference.
"""
import json
import pathlib
import sys

import corpus
from tools import assay_files

# What recipes state beyond the words of tools.py, and where it stands in the facts.
STATES = {"textrel": ("noTextRelocations", {True: "no", False: "yes"}), "rwx": ("noWritableCode", {0: "yes", 1: "no"})}
PLAIN = {"stripped": "isStripped", "language": "language", "fortified": "fortifiedCount",
         "unfortified": "fortifiableCount"}
BIND = {"now": "yes", "lazy": "no", "notApplicable": "notApplicable"}
UNSAFE = {"worldWritable", "relative", "empty"}


def details(recipe, file):
    """Differences of a file that both judge, in what tools.py has no word for."""
    wanted = recipe["expect"]
    found = []
    for key, (name, states) in STATES.items():
        if key in wanted and file[name]["state"] not in (states[wanted[key]], "notApplicable"):
            found.append((key, wanted[key], file[name]["state"]))
    for key, name in PLAIN.items():
        if key in wanted and file[name] != wanted[key]:
            found.append((key, wanted[key], file[name]))
    if "bindNow" in wanted and file["bindNow"]["state"] != BIND[wanted["bindNow"]]:
        found.append(("bindNow", wanted["bindNow"], file["bindNow"]["state"]))
    unsafe = sum(kind in UNSAFE for kind in wanted.get("searchPaths", []))
    if "searchPaths" in wanted and len(file["unsafeRunPaths"]) != unsafe:
        found.append(("searchPaths", unsafe, file["unsafeRunPaths"]))
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    facts = json.loads(pathlib.Path(sys.argv[2]).read_text())
    said = {path.split("/")[-1]: words for path, words in assay_files(facts).items()}
    files = {file["path"].split("/")[-1]: file for file in facts["elf"]["files"]}
    built = corpus.built(pathlib.Path(sys.argv[1]).resolve())
    differences = 0 if len(built) > 50 else 1
    for recipe, _ in built:
        name = corpus.escaped(recipe["name"])
        wanted, words = corpus.expected(recipe), said.get(name, {})
        if wanted.get("type") == "not ELF":
            found = [("type", "not ELF", words)] if words else []
        else:
            found = [(key, value, words.get(key)) for key, value in wanted.items() if words.get(key) != value]
        if name in files:
            found += details(recipe, files[name])
        for key, value, now in found:
            differences += 1
            print(f"{name}: {key}: the recipe says {value}, Assay says {now}")
    print(f"{len(built)} files, {differences} differences", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
