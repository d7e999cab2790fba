#!/usr/bin/env python3
"""Compares Assay with scanelf and LIEF on every ELF file below a folder; prints a section of docs/elf-tools.md.

usage: usr.py FACTS [FOLDER]

FACTS is what `assay audit / --facts FACTS` saved; FOLDER is /usr unless given. A file with several names counts once.
Each difference is put into a class whose rule is a fact that readelf, the arbiter, states about the file, or objdump of
its code. The language, that a file is separate debug information, and that no call could be checked are taken from
Assay. The exit code is 1 when a difference is in no class: then one of the two is wrong, or the class is not known yet.
"""
import collections
import json
import os
import pathlib
import re
import stat
import sys

from tools import assay_files, contradicts, lief, lief_module, run, scanelf_words

# Where code reads the canary, by machine and whether the file is ELF32.
CANARIES = {("Advanced Micro Devices X86-64", False): "%fs:0x28", ("Advanced Micro Devices X86-64", True): "%fs:0x18,",
            ("Intel 80386", True): "%gs:0x14"}
# Of all that the tools say, what both have a word for; scanelf cannot tell PIE from shared object.
ASKED = {"scanelf": ["type", "relro", "nx", "canary"], "LIEF": ["type", "relro", "nx", "canary", "fortify"]}


def elf_files(folder):
    """The regular ELF files, each inode once, as bytes paths."""
    seen = set()
    for directory, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or (status.st_dev, status.st_ino) in seen:
                continue
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    seen.add((status.st_dev, status.st_ino))
                    yield path


def scanelf_all(paths):
    """scanelf's words by path, from two runs over the folder's list."""
    listing = "\n".join(paths) + "\n"
    source = pathlib.Path("/tmp") / f"assay-usr-{os.getpid()}"
    source.write_text(listing, errors="surrogateescape")
    try:
        symbols = {}
        for line in (run("scanelf", "-yBC", "-s", "__stack_chk_fail", "-F", "%s;%F#F", "-f", str(source), seconds=600)
                     or "").splitlines():
            found, _, path = line.partition(";")
            symbols[path] = "yes" if "__stack_chk_fail" in found else "no"
        words = {}
        for line in (run("scanelf", "-yBC", "-F", "%o;%e;%b;%F#F", "-f", str(source), seconds=600) or "").splitlines():
            fields = line.split(";", 3)
            if len(fields) == 4:
                words[fields[3]] = scanelf_words(*fields[:3], symbols.get(fields[3], "-"))
        return words
    finally:
        source.unlink()


class Arbiter:
    """What readelf states about one file."""

    def __init__(self, path):
        self.path = path
        self.header = run("readelf", "-hW", path) or ""
        self.segments = run("readelf", "-lW", path) or ""
        self.dynamic = run("readelf", "-dW", path) or ""
        self.names = run("readelf", "-sW", path) or ""
        sections = run("readelf", "-SW", path) or ""
        self.is_relocatable = "REL (Relocatable" in self.header
        self.is_static = "INTERP" not in self.segments and "(NEEDED)" not in self.dynamic and "DYN (" not in self.header
        self.has_stack_header = "GNU_STACK" in self.segments
        self.is_debug = any(" .text" in line and "NOBITS" in line for line in sections.splitlines())
        self.has_soname = "(SONAME)" in self.dynamic
        self.is_marked_pie = "PIE" in self.dynamic
        canary = [line for line in self.names.splitlines() if re.search(r" __stack_chk_(fail|guard)\b", line)]
        self.imports_canary = any("UND" in line for line in canary)
        self.defines_canary = any("UND" not in line for line in canary)
        self.imports_checked = any("UND" in line and re.search(r" __(?!stack)\w+_chk\b", line)
                                   for line in self.names.splitlines())
        self.machine = next((line.split(":")[1].strip() for line in self.header.splitlines() if "Machine:" in line), "")

    def loads_canary(self):
        """Whether objdump shows an instruction that reads the canary; None for a machine whose canary is a symbol."""
        place = CANARIES.get((self.machine, "ELF32" in self.header))
        if place is None:
            return None
        found = run("sh", "-c", 'objdump -d -- "$1" | grep -m1 -e "$2"', "sh", self.path, place, seconds=600)
        return bool(found)


def classify(key, said, assay, facts, arbiter):
    """The class of one difference, or None."""
    language = facts.get("language", "")
    if arbiter.is_debug or facts.get("kind") == "debugFile":
        return "separate debug information: there is no verdict to give"
    if arbiter.is_relocatable and key in ("relro", "nx"):
        return "relocatable object: the linker decides, there is no verdict to give"
    if facts.get("kind") in ("core", "other"):
        return "neither program nor library: there is no verdict to give"
    if key == "nx" and not arbiter.has_stack_header:
        return f"no PT_GNU_STACK: the kernel's rule for {arbiter.machine} decides"
    if key == "type" and said == "PIE" and arbiter.has_soname and not arbiter.is_marked_pie:
        return "shared object with an interpreter, no DF_1_PIE: not a PIE"
    if key == "type" and said == "DSO" and arbiter.is_marked_pie:
        return "static PIE: DF_1_PIE without an interpreter"
    if key == "canary":
        if assay == "-" and language in ("Go", "Rust", "Swift"):
            return f"{language}: memory-safe by design, the canary of its C parts says nothing"
        if assay == "yes" and said == "no" and arbiter.loads_canary():
            return ("canary loads in code, the symbol is in no table (noreturn functions, stripped static code, the C "
                    "library itself)")
        if assay == "no" and said == "yes" and arbiter.is_static:
            return "static program: the symbol comes from libc.a, the program's own code has no canary"
        if assay == "-" and arbiter.defines_canary and not arbiter.imports_canary:
            return "the file defines the symbol for others, and its own code does not tell"
        if assay == "-" and said == "no" and not arbiter.imports_canary and not arbiter.loads_canary():
            return "no canary is read, no function was seen that needs one: whether it was asked for cannot be told"
    if key == "fortify" and assay == "no" and said == "yes" and not arbiter.imports_checked:
        return "the file defines checked functions (sanitizers intercept them) and calls none"
    if key == "fortify" and assay == "-":
        if language in ("Go", "Rust", "Swift"):
            return f"{language}: FORTIFY is a feature of C and C++"
        return "no call that FORTIFY could check, or no C library to measure against: cannot be told"
    return None


def differences(files, facts, answers):
    """Each difference as (tool, property, class or None, path, what was said, what Assay said)."""
    mine = assay_files(facts)
    details = {file["path"]: file for file in facts["elf"]["files"]}
    for path in files:
        if path not in mine:
            yield "Assay", "type", None, path, "ELF", "silent"
            continue
        arbiter = None
        for tool, said in answers.items():
            words = said.get(path) or {}
            for key in ASKED[tool]:
                if words.get("type") == "error" and mine[path][key] == "error":
                    continue
                if contradicts(key, words.get(key), mine[path][key]):
                    arbiter = arbiter or Arbiter(path)
                    yield (tool, key, classify(key, words[key], mine[path][key], details.get(path, {}), arbiter), path,
                           words[key], mine[path][key])


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = sys.argv[2] if len(sys.argv) == 3 else "/usr"
    files = list(elf_files(folder))
    answers = {"scanelf": scanelf_all(files)}
    if lief_module():
        answers["LIEF"] = {path: lief(path) for path in files}
    classes = collections.Counter()
    unexplained = []
    for tool, key, name, path, said, assay in differences(files, facts, answers):
        if name:
            classes[(key, tool, assay, said, name)] += 1
        else:
            unexplained.append(f"{path}: {key}: {tool} {said}, Assay {assay}")
    asked = sum(len(ASKED[tool]) * len(files) for tool in answers)
    print(f"## All of {folder}\n")
    print(f"{len(files)} ELF files of a Debian 12 machine, {' and '.join(answers)} as peers, {asked} verdicts compared: "
          f"{classes.total()} differ for a known reason, {len(unexplained)} without. The class is decided by what "
          "readelf, the arbiter, states about the file, and objdump about its code; the language, and that no call could be "
          "checked, are taken from Assay. Written by `usr.py`; the numbers are of the machine it ran on.\n")
    print("| property | peer | peer says | Assay says | class | files |")
    print("|---|---|---|---|---|---|")
    for (key, tool, assay, said, name), count in sorted(classes.items()):
        print(f"| {key} | {tool} | {said} | {assay} | {name} | {count} |")
    for line in unexplained:
        print(line, file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
