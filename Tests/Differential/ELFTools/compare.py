#!/usr/bin/env python3
"""Prints what other tools say about each file of the ELF corpus, as a Markdown table.

usage: compare.py CORPUS_FOLDER [--assay FILE]

CORPUS_FOLDER is what make-corpus.py made. FILE is JSON: an object from file name to an object with any of the keys
type, relro, nx, canary and fortify; it becomes a column of its own. Tools: checksec 2.6 (Debian package checksec),
hardening-check (devscripts), scanelf (pax-utils), and LIEF when its Python module can be imported. A missing tool
leaves its column empty. Nothing of the corpus is run.

A value in bold contradicts the recipe: another verdict, a verdict where there is none to give, or a verdict about a
file that is malformed.
"""
import json
import pathlib
import re
import subprocess
import sys

RECIPES = pathlib.Path(__file__).resolve().parents[2] / "Formats" / "ELF" / "corpus.json"
KEYS = ["type", "relro", "nx", "canary", "fortify"]
TYPES = {"executable": "EXEC", "staticExecutable": "EXEC", "pie": "PIE", "staticPIE": "PIE", "sharedObject": "DSO",
         "relocatable": "REL", "kernelModule": "REL"}
CANARY = {"strong": "yes", "present": "yes", "absent": "no"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run(*words):
    """Standard output of a tool, or None when it is not installed or does not end."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ANSI.sub("", done.stdout.decode(errors="replace"))


def expected(recipe):
    """The recipe's verdicts in the words of the table; '-' where no verdict is right, absent where not stated."""
    wanted = recipe["expect"]
    if "error" in wanted:
        return {key: "error" for key in KEYS}
    result = {}
    if "type" in wanted:
        result["type"] = TYPES.get(wanted["type"], "-")
    if "relro" in wanted:
        relro = {"segmentOnly": "partial", "notApplicable": "-"}
        result["relro"] = relro.get(wanted["relro"], wanted["relro"])
    if "stack" in wanted:
        result["nx"] = {"nonExecutable": "yes", "notApplicable": "-"}.get(wanted["stack"], "no")
    if "stackProtector" in wanted:
        result["canary"] = CANARY.get(wanted["stackProtector"], "-")
    if wanted.get("fortify") == "measured" and "fortified" in wanted:
        result["fortify"] = "yes" if wanted["fortified"] else "no"
    elif "fortify" in wanted and wanted["fortify"] != "measured":
        result["fortify"] = "-"
    return result


def checksec(path):
    text = run("checksec", "--format=csv", f"--file={path}")
    fields = (text or "").strip().split(",")
    if len(fields) < 10:
        return {}
    relro, canary, nx, pie = fields[:4]
    kinds = {"PIE enabled": "PIE", "No PIE": "EXEC", "DSO": "DSO", "REL": "REL"}
    return {
        "type": kinds.get(pie.strip(), pie.strip()),
        "relro": relro.split()[0].lower().replace("no", "none"),
        "nx": "yes" if "enabled" in nx else "no",
        "canary": "yes" if canary.strip().lower() == "canary found" else "no",
        "fortify": "yes" if fields[7].strip() == "Yes" else "no" if fields[7].strip() == "No" else "-",
    }


def hardening_check(path):
    text = run("hardening-check", "--nocfprotection", path)
    if not text:
        return {}
    lines = {}
    for line in text.splitlines():
        name, colon, value = line.strip().partition(": ")
        if colon:
            lines[name] = value
    pie = lines.get("Position Independent Executable", "")
    kind = "PIE" if pie.startswith("yes") else "DSO" if "shared library" in pie else "REL" if "object" in pie else "EXEC"

    def word(name):
        value = lines.get(name, "")
        return "yes" if value.startswith("yes") else "-" if value.startswith("unknown") else "no"

    relro = word("Read-only relocations")
    if relro == "yes":
        relro = "full" if word("Immediate binding") == "yes" else "partial"
    return {"type": kind, "relro": "none" if relro == "no" else relro, "canary": word("Stack protected"),
            "fortify": word("Fortify Source functions")}


def scanelf(path):
    text = run("scanelf", "-B", "-C", "-F", "%o;%e;%b;#F", path)
    if not text or ";" not in text:
        return {}
    kind, flags, bind = text.strip().split(";")[:3]
    words = flags.split()
    if len(words) != 3:
        return {}
    symbols = run("scanelf", "-B", "-C", "-s", "__stack_chk_fail", "-F", "%s#F", path) or ""
    relro = "none" if words[1] == "---" else "full" if bind.strip() == "NOW" else "partial"
    return {"type": {"ET_DYN": "DYN", "ET_EXEC": "EXEC", "ET_REL": "REL"}.get(kind.strip(), kind.strip()),
            "relro": relro, "nx": "no" if "X" in words[0] else "-" if words[0] == "---" else "yes",
            "canary": "yes" if "__stack_chk_fail" in symbols.replace(str(path), "") else "no"}


def lief_checks(path):
    try:
        import lief
    except ImportError:
        return {}
    lief.logging.disable()
    binary = lief.ELF.parse(str(path))
    if binary is None:
        return {key: "error" for key in KEYS}
    names = {str(symbol.name) for symbol in binary.symbols}
    tags = {str(entry.tag).split(".")[-1]: entry for entry in binary.dynamic_entries}
    now = "BIND_NOW" in tags
    for key, flag in (("FLAGS", 8), ("FLAGS_1", 1)):
        now = now or (key in tags and tags[key].value & flag != 0)
    has_relro = any(str(segment.type).endswith("GNU_RELRO") for segment in binary.segments)
    kind = str(binary.header.file_type).split(".")[-1]
    return {
        "type": "PIE" if binary.is_pie else {"DYN": "DSO"}.get(kind, kind),
        "relro": "none" if not has_relro else "full" if now else "partial",
        "nx": "yes" if binary.has_nx else "no",
        "canary": "yes" if names & {"__stack_chk_fail", "__stack_chk_guard", "__intel_security_cookie"} else "no",
        "fortify": "yes" if any(re.fullmatch(r"__(?!stack)\w+_chk", name) for name in names) else "no",
    }


TOOLS = {"checksec 2.6": checksec, "hardening-check": hardening_check, "scanelf": scanelf, "LIEF": lief_checks}


def contradicts(key, said, wanted):
    if wanted is None or said in ("-", wanted) or said is None:
        return False
    return not (key == "type" and said == "DYN" and wanted in ("PIE", "DSO"))


def cell(said, wanted):
    """One tool's words, in the order of KEYS."""
    words = []
    for key in KEYS:
        value = said.get(key)
        if value is None:
            words.append("·")
        else:
            words.append(f"**{value}**" if contradicts(key, value, wanted.get(key)) else value)
    return " ".join(words) if said else ""


def main():
    arguments = sys.argv[1:]
    assay = {}
    if "--assay" in arguments:
        at = arguments.index("--assay")
        assay = json.loads(pathlib.Path(arguments[at + 1]).read_text())
        del arguments[at:at + 2]
    if len(arguments) != 1:
        sys.exit(__doc__)
    folder = pathlib.Path(arguments[0]).resolve()
    columns = dict(TOOLS)
    if assay:
        columns = {"Assay": lambda path: assay.get(path.name, {}), **columns}
    print(f"Each cell: {', '.join(KEYS)}. Bold contradicts the recipe; `-` no verdict; `·` not asked.\n")
    print("| file | truth | " + " | ".join(columns) + " |")
    print("|---|---|" + "---|" * len(columns))
    wrong = dict.fromkeys(columns, 0)
    for recipe in json.loads(RECIPES.read_text())["files"]:
        path = folder / recipe["name"]
        if not path.exists():
            continue
        wanted = expected(recipe)
        cells = []
        for name, tool in columns.items():
            said = tool(path)
            wrong[name] += any(contradicts(key, said.get(key), wanted.get(key)) for key in KEYS)
            cells.append(cell(said, wanted))
        title = json.dumps(recipe["name"])[1:-1].replace("|", "\\|")
        truth = " ".join(wanted.get(key, "·") for key in KEYS)
        print(f"| {title} | {truth} | " + " | ".join(cells) + " |")
    print("| files with a contradiction | | " + " | ".join(str(count) for count in wrong.values()) + " |")


if __name__ == "__main__":
    main()
