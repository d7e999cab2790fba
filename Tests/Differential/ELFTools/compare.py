#!/usr/bin/env python3
"""Compares what ELF tools say about the corpus with its recipes; prints the page docs/elf-tools.md.

usage: compare.py CORPUS_FOLDER [--assay FACTS] [--usr FILE] [--tools NAME,...]
       compare.py CORPUS_FOLDER --known FILE [--record] [--tools NAME,...]

CORPUS_FOLDER is what make-corpus.py made. FACTS is what `assay audit ROOT --facts` saved of a root directory or folder
that holds it; files are found by their last name. FILE of --usr is what usr.py printed and becomes the last section.
Tools: checksec (2.6), hardening-check (devscripts), scanelf (pax-utils), LIEF (the Python module lief); one that is not
installed has an empty column. Nothing of the corpus is run.

With --known the contradictions of the named tools must be those that FILE names, else the exit code is 1; --record
writes FILE, and also ends with 1. A file that was not built is left out of the comparison.
"""
import argparse
import json
import pathlib
import sys

import corpus
from tools import KEYS, TOOLS, assay_files, contradicts, lief_module, run

HERE = pathlib.Path(__file__).resolve().parent
DISAGREEMENTS = HERE / "disagreements.json"
PACKAGES = {"checksec": "checksec", "hardening-check": "devscripts", "scanelf": "pax-utils"}


def version(tool):
    """A tool's name with its version, for the page."""
    if tool == "LIEF":
        module = lief_module()
        return f"LIEF {module.__version__.split('-')[0]}" if module else tool
    found = run("dpkg-query", "-W", "-f", "${Version}", PACKAGES.get(tool, "")) if tool in PACKAGES else None
    return f"{tool} {found.strip()}" if found else tool


def wrong(said, wanted):
    """The keys for which a tool contradicts the recipe."""
    return [key for key in KEYS if contradicts(key, said.get(key), wanted.get(key))]


def silence(wanted):
    """What it means that Assay's facts do not name a file: wrong, unless the file is none that should be named."""
    return {} if wanted.get("type") == "not ELF" else dict.fromkeys(KEYS, "silent")


def cell(said, wanted):
    """One tool's words in the order of KEYS, those that contradict in bold."""
    bad = wrong(said, wanted)
    return " ".join(f"**{said[key]}**" if key in bad else said.get(key, "·") for key in KEYS) if said else ""


def table(header, rows):
    """The lines of a Markdown table; a cell that is `|` would break it."""
    lines = [header] + ["---"] + [[str(field).replace("|", "\\|") for field in row] for row in rows]
    return ["| " + " | ".join(line) + " |" if line != "---" else "|" + "---|" * len(header) for line in lines]


def counts(files, answers):
    """For each property the number of files with a contradiction, by tool."""
    rows = []
    for key in KEYS:
        judged = [name for name, (_, wanted) in files.items() if key in wanted]
        cells = []
        for said in answers.values():
            asked = [name for name in judged if key in said[name]]
            bad = sum(key in wrong(said[name], files[name][1]) for name in asked)
            cells.append(f"{bad} of {len(asked)}" if asked else "not asked")
        rows.append([key] + cells)
    total = [str(sum(bool(wrong(said[name], wanted)) for name, (_, wanted) in files.items()))
             for said in answers.values()]
    return rows + [["**files with a contradiction**"] + [f"**{count}**" for count in total]]


def probe_json(names, files):
    """Tools whose JSON about files of such names is none."""
    bad = set()
    for name in names:
        text = run("checksec", "--format=json", f"--file={files[name][0]}")
        try:
            json.loads(text or "{}")
        except ValueError:
            bad.add("checksec")
    return bad


def disagreement_rows(files, answers):
    """The known disagreements, with what this run shows of them."""
    rows = []
    for number, entry in enumerate(json.loads(DISAGREEMENTS.read_text()), 1):
        names = [name for name in entry["files"] if name in files]
        if entry.get("probe") == "json":
            tools = probe_json(names, files)
        elif entry.get("probe") == "runs":
            tools = {"all"} if pathlib.Path("/tmp/assay-evil-interpreter.ran").exists() else set()
        else:
            tools = {tool for tool, said in answers.items() for name in names
                     if set(wrong(said[name], files[name][1])) & set(entry["keys"])}
        shown = ", ".join(f"`{corpus.escaped(name)}`" for name in names)
        if not shown:
            shown = entry.get("why") or ", ".join(entry["files"]) + ": not built here, its compiler is not installed"
        right = "right" if "Assay" in answers and "Assay" not in tools and names else "wrong" if "Assay" in tools else "-"
        others = sorted(tools - {"Assay"})
        rows.append([str(number), entry["what"], shown, ", ".join(others) or "none", right, entry.get("others", "")])
    return rows


def page(files, answers, usr):
    """The lines of docs/elf-tools.md."""
    names = [version(tool) for tool in answers]
    disagreements = disagreement_rows(files, answers)
    shown = sum(bool(entry["files"]) and any(name in files for name in entry["files"])
                for entry in json.loads(DISAGREEMENTS.read_text()))
    legend = (f"Each cell: {', '.join(KEYS)}. Bold contradicts the recipe: another verdict, a verdict where there is none "
              "to give, or a verdict about a malformed file. `-` is no verdict, `·` not asked or not stated, `error` a "
              "refusal to judge.")
    return [
        "# ELF tools compared",
        "",
        "Generated by `Tests/Differential/ELFTools/compare.py`; do not edit. The corpus is built by `make-corpus.py` from",
        "`Tests/Formats/ELF/corpus.json`: how a file was built decides what is right, not what a tool says of it.",
        "",
        f"{len(files)} files; peers: {', '.join(names[1:] if 'Assay' in answers else names)}. scanelf prints markings, no",
        "verdicts: its column is the reading that its manual page describes.",
        "",
        "## Contradictions with the recipes",
        "",
        *table(["property"] + names, counts(files, answers)),
        "",
        "`type`: PIE, program or shared object; `relro`, `nx`, `canary`, `fortify` as in the checks; `cf`: control-flow",
        "protection (IBT and SHSTK; BTI and PAC).",
        "",
        "## The known disagreements",
        "",
        f"{len(disagreements)} disagreements between tools were found by hand before Assay was written; the corpus shows "
        f"{shown} of them here.",
        "`Wrong here` is measured by this run; `others` are tools that this run does not have, as they were found by hand.",
        "",
        *table(["#", "Truth", "Corpus", "Wrong here", "Assay", "Others, by hand"], disagreements),
        "",
        "## File by file",
        "",
        legend,
        "",
        *table(["file", "recipe"] + names,
               [[f"`{corpus.escaped(name)}`", " ".join(wanted.get(key, "·") for key in KEYS)]
                + [cell(said[name], wanted) for said in answers.values()]
                for name, (_, wanted) in files.items()]),
        *(["", *usr.read_text().splitlines()] if usr else []),
    ]


def contradictions(files, answers):
    """Every contradiction: tool, file and property to what the tool said."""
    return {tool: {name: {key: said[name][key] for key in wrong(said[name], wanted)}
                   for name, (_, wanted) in files.items() if wrong(said[name], wanted)}
            for tool, said in answers.items()}


def check_known(path, found, files, record):
    """Compares contradictions with those that were recorded, and says each difference."""
    if record:
        path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
        print(f"compare: recorded {path}; run again without --record", file=sys.stderr)
        return 1
    known = json.loads(path.read_text())
    differences = 0
    for tool, said in found.items():
        for name in files:
            now, then = said.get(name, {}), known.get(tool, {}).get(name, {})
            for key in sorted(now.keys() | then.keys()):
                if now.get(key) != then.get(key):
                    differences += 1
                    print(f"{tool}: {name!r}: {key}: contradicted with {then.get(key, 'nothing')} before, "
                          f"with {now.get(key, 'nothing')} now")
    return min(differences, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--assay", type=pathlib.Path)
    parser.add_argument("--usr", type=pathlib.Path)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--known", type=pathlib.Path)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    files = {recipe["name"]: (path, corpus.expected(recipe)) for recipe, path in corpus.built(arguments.folder.resolve())}
    answers = {}
    if arguments.assay:
        said = {path.split("/")[-1]: words for path, words in assay_files(json.loads(arguments.assay.read_text())).items()}
        answers["Assay"] = {name: said.get(corpus.escaped(name), silence(wanted)) for name, (_, wanted) in files.items()}
    for tool in arguments.tools.split(","):
        answers[tool] = {name: TOOLS[tool](path) for name, (path, _) in files.items()}
        if not any(answers[tool].values()):
            print(f"compare: {tool} is not installed", file=sys.stderr)
            if arguments.known:
                return 1
    if arguments.known:
        return check_known(arguments.known, contradictions(files, answers), files, arguments.record)
    print("\n".join(page(files, answers, arguments.usr)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
