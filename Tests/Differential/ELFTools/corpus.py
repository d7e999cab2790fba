"""The ELF corpus: the files that make-corpus.py built, and what their recipes say of them."""
import json
import pathlib

from tools import KEYS, KINDS

RECIPES = pathlib.Path(__file__).resolve().parents[2] / "Formats" / "ELF" / "corpus.json"
CANARY = {"strong": "yes", "present": "yes", "absent": "no"}


def expected(recipe):
    """The recipe's verdicts in the words of tools.py; '-' where no verdict is right, absent where not stated."""
    wanted = recipe["expect"]
    if wanted.get("error") == "notELF":
        return {"type": "not ELF"}
    if "error" in wanted:
        return {key: "error" for key in KEYS}
    result = {}
    if "type" in wanted:
        result["type"] = KINDS.get(wanted["type"], "-")
    if "relro" in wanted:
        result["relro"] = {"segmentOnly": "segment", "notApplicable": "-"}.get(wanted["relro"], wanted["relro"])
    if "stack" in wanted:
        result["nx"] = {"nonExecutable": "yes", "notApplicable": "-"}.get(wanted["stack"], "no")
    if "stackProtector" in wanted:
        result["canary"] = CANARY.get(wanted["stackProtector"], "-")
    if wanted.get("fortify") == "measured" and "fortified" in wanted:
        result["fortify"] = "yes" if wanted["fortified"] else "no"
    elif wanted.get("fortify") == "notApplicable":
        result["fortify"] = "-"
    marks = [wanted[name] for name in ("ibt", "shstk", "bti", "pac") if name in wanted]
    if marks:
        result["cf"] = "yes" if all(marks) else "partial" if any(marks) else "no"
    return result


def built(folder):
    """The recipes whose file is in `folder`, each with its path, in the corpus's order."""
    found = []
    for recipe in json.loads(RECIPES.read_text())["files"]:
        path = folder / recipe["name"]
        if path.exists():
            found.append((recipe, path))
    return found


def escaped(name):
    """The name as Assay and JSON for people show it: on one line."""
    return name.replace("\n", "\\x0a")
