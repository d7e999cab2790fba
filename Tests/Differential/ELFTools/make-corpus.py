#!/usr/bin/env python3
"""Builds the ELF corpus of Tests/Formats/ELF/corpus.json into a folder.

usage: make-corpus.py OUT

Nothing that is built is ever run. A recipe whose tool is missing is named on standard error and left out.
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys

RECIPES = pathlib.Path(__file__).resolve().parents[2] / "Formats" / "ELF" / "corpus.json"


def drop_segment(path, kind):
    """Turns the program header of type `kind` into PT_NULL (little-endian files only)."""
    data = bytearray(path.read_bytes())
    wide = data[4] == 2
    table = struct.unpack_from("<Q", data, 32)[0] if wide else struct.unpack_from("<I", data, 28)[0]
    size, count = struct.unpack_from("<HH", data, 54 if wide else 42)
    for index in range(count):
        if struct.unpack_from("<I", data, table + index * size)[0] == kind:
            struct.pack_into("<I", data, table + index * size, 0)
    path.write_bytes(data)


def apply(step, path, folder, sources):
    if "run" in step:
        words = [word.replace("{out}", str(path)).replace("{src}", str(sources)) for word in step["run"]]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
    elif "copy" in step:
        shutil.copyfile(folder / step["copy"], path)
    elif "patch" in step:
        data = bytearray(path.read_bytes())
        patch = bytes.fromhex(step["patch"]["hex"])
        start = step["patch"]["offset"]
        data[start:start + len(patch)] = patch
        path.write_bytes(data)
    elif "truncate" in step:
        path.write_bytes(path.read_bytes()[:step["truncate"]])
    elif "dropSegment" in step:
        drop_segment(path, step["dropSegment"])
    else:
        raise ValueError(f"unknown step {step}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1]).resolve()
    sources = folder / "src"
    sources.mkdir(parents=True, exist_ok=True)
    recipes = json.loads(RECIPES.read_text())
    for name, text in recipes["sources"].items():
        (sources / name).write_text(text)
    missing = 0
    for recipe in recipes["files"]:
        path = folder / recipe["name"]
        try:
            for step in recipe["steps"]:
                apply(step, path, folder, sources)
        except (OSError, subprocess.SubprocessError) as error:
            detail = getattr(error, "stderr", None)
            text = (detail.decode(errors="replace").strip() or str(error)) if detail is not None else str(error)
            print(f"make-corpus: left out {recipe['name']!r}: {text.splitlines()[0]}", file=sys.stderr)
            path.unlink(missing_ok=True)
            missing += not recipe.get("optional", False)
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
