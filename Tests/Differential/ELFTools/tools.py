"""What each ELF tool says about a file, in one vocabulary.

Every function answers with an object of any of KEYS:
  type     EXEC, PIE, DSO, DYN (a tool that does not tell PIE from DSO), REL, - (another kind)
  relro    full, partial, none; segment (a static program, where the segment is all there is)
  nx       yes: the stack is not executable; no
  canary   yes: a stack protector is used; no
  fortify  yes: at least one checked call; no
  cf       yes: IBT and SHSTK, or BTI and PAC; partial: one of the two; no
'-' is 'no verdict', 'error' a refusal to judge, an absent key 'not asked'. Nothing that is examined is run.
"""
import re
import subprocess

KEYS = ["type", "relro", "nx", "canary", "fortify", "cf"]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
STATIC = {"staticExecutable", "staticPIE"}
KINDS = {"executable": "EXEC", "staticExecutable": "EXEC", "pie": "PIE", "staticPIE": "PIE", "sharedObject": "DSO",
         "relocatable": "REL", "kernelModule": "REL"}


def run(*words, seconds=60):
    """Standard output of a tool, or None when it is not installed or does not end."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ANSI.sub("", done.stdout.decode(errors="surrogateescape"))


def assay(file):
    """An object of `elf.files` in the facts that `assay audit --facts` saves."""
    state = {key: file[key]["state"] for key in ("relro", "nonExecutableStack", "stackProtector", "fortify")}
    seen = {"yes": "yes", "partial": "yes", "no": "no"}
    relro = {"yes": "segment" if file["kind"] in STATIC else "full", "partial": "partial", "no": "none"}
    return {
        "type": KINDS.get(file["kind"], "-"),
        "relro": relro.get(state["relro"], "-"),
        "nx": seen.get(state["nonExecutableStack"], "-"),
        "canary": seen.get(state["stackProtector"], "-"),
        "fortify": seen.get(state["fortify"], "-"),
        "cf": {"notApplicable": "-", "inconclusive": "-"}.get(file["controlFlow"]["state"], file["controlFlow"]["state"]),
    }


def assay_files(facts):
    """The verdicts of saved facts by path; a file that Assay names as malformed has 'error' for every key."""
    elf = facts["elf"]
    found = {file["path"]: assay(file) for file in elf["files"]}
    for gap in elf["gaps"]:
        found[gap["place"]["path"]] = {key: "error" for key in KEYS}
    return found


def checksec(path):
    text = run("checksec", "--format=csv", f"--file={path}")
    fields = (text or "").strip().split(",")
    if len(fields) < 10:
        return {}
    relro, canary, nx, pie = fields[:4]
    if "Not an ELF" in pie:
        return {key: "error" for key in KEYS[:5]}
    kinds = {"PIE enabled": "PIE", "No PIE": "EXEC", "DSO": "DSO", "REL": "REL"}
    return {
        "type": kinds.get(pie.strip(), pie.strip()),
        "relro": relro.split()[0].lower().replace("no", "none") if relro.split() else "-",
        "nx": "yes" if "enabled" in nx else "no",
        "canary": "yes" if canary.strip().lower() == "canary found" else "no",
        "fortify": {"Yes": "yes", "No": "no"}.get(fields[7].strip(), "-"),
    }


def hardening_check(path):
    text = run("hardening-check", path)
    if not text:
        return {}
    lines = {}
    for line in text.splitlines():
        name, colon, value = line.strip().partition(": ")
        if colon:
            lines[name] = value
    pie = lines.get("Position Independent Executable", "")
    kinds = {"yes": "PIE", "no, regular shared library (ignored)": "DSO", "no, normal executable!": "EXEC"}

    def word(name):
        value = lines.get(name, "")
        return "yes" if value.startswith("yes") else "-" if value.startswith("unknown") else "no"

    relro = word("Read-only relocations")
    if relro == "yes":
        relro = "full" if word("Immediate binding") == "yes" else "partial"
    return {"type": kinds.get(pie, "-"), "relro": "none" if relro == "no" else relro, "canary": word("Stack protected"),
            "fortify": word("Fortify Source functions"), "cf": word("Control flow integrity")}


def scanelf_words(kind, flags, bind, canary):
    """Verdicts from the columns %o, %e, %b and %s of scanelf; None when it printed no such columns."""
    words = flags.split()
    if len(words) != 3:
        return None
    # scanelf itself gives no verdict; these are the readings that its manual page describes.
    relro = "none" if words[1] == "---" else "full" if bind.strip() == "NOW" else "partial"
    return {"type": {"ET_DYN": "DYN", "ET_EXEC": "EXEC", "ET_REL": "REL"}.get(kind.strip(), kind.strip()),
            "relro": relro, "nx": "-" if words[0] == "---" else "no" if "X" in words[0] else "yes", "canary": canary}


def scanelf(path):
    text = run("scanelf", "-yBC", "-F", "%o;%e;%b;#F", path)
    if not text or text.count(";") < 3:
        return {}
    symbols = run("scanelf", "-yBC", "-s", "__stack_chk_fail", "-F", "%s#F", path) or ""
    return scanelf_words(*text.strip().split(";")[:3], "yes" if "__stack_chk_fail" in symbols else "no") or {}


def lief_module():
    """LIEF's Python module without its messages, or None."""
    try:
        import lief
    except ImportError:
        return None
    lief.logging.disable()
    return lief


def lief(path):
    module = lief_module()
    if module is None:
        return {}
    binary = module.ELF.parse(str(path))
    if binary is None:
        return {key: "error" for key in KEYS[:5]}
    names = {str(symbol.name) for symbol in binary.symbols}
    now = False
    for entry in binary.dynamic_entries:
        tag = str(entry.tag).split(".")[-1]
        now = now or tag == "BIND_NOW" or (tag == "FLAGS" and entry.value & 8 != 0)
        now = now or (tag == "FLAGS_1" and entry.value & 1 != 0)
    has_relro = any(str(segment.type).endswith("GNU_RELRO") for segment in binary.segments)
    kind = str(binary.header.file_type).split(".")[-1]
    return {
        "type": "PIE" if binary.is_pie else {"DYN": "DSO"}.get(kind, kind),
        "relro": "none" if not has_relro else "full" if now else "partial",
        "nx": "yes" if binary.has_nx else "no",
        "canary": "yes" if names & {"__stack_chk_fail", "__stack_chk_guard", "__intel_security_cookie"} else "no",
        "fortify": "yes" if any(re.fullmatch(r"__(?!stack)\w+_chk", name) for name in names) else "no",
    }


TOOLS = {"checksec": checksec, "hardening-check": hardening_check, "scanelf": scanelf, "LIEF": lief}


def contradicts(key, said, wanted):
    """Whether a tool's word is another verdict than the right one, or a verdict where there is none to give."""
    if wanted is None or said in (None, "-", wanted):
        return False
    if key == "type" and (said, wanted) in (("DYN", "PIE"), ("DYN", "DSO"), ("error", "not ELF")):
        return False
    return not (key == "relro" and wanted == "segment" and said in ("full", "partial"))
