#!/usr/bin/env python3
"""The script that assay is compared with: PIE, RELRO, NX and canary of the ELF files below a path, with LIEF.

https://lief.re/doc/stable/api/python/elf.html. One process for all files; only what the four checks need is asked for.
"""
import json
import os
import sys

import lief

lief.logging.disable()


def checks(path):
    binary = lief.ELF.parse(path)
    if binary is None:
        return None
    relro = "no"
    if binary.has(lief.ELF.Segment.TYPE.GNU_RELRO):
        flags = binary.get(lief.ELF.DynamicEntry.TAG.FLAGS)
        flags_1 = binary.get(lief.ELF.DynamicEntry.TAG.FLAGS_1)
        now = (
            binary.get(lief.ELF.DynamicEntry.TAG.BIND_NOW) is not None
            or flags is not None and flags.has(lief.ELF.DynamicEntryFlags.FLAG.BIND_NOW)
            or flags_1 is not None and flags_1.has(lief.ELF.DynamicEntryFlags.FLAG.NOW))
        relro = "full" if now else "partial"
    return {
        "pie": binary.is_pie, "relro": relro, "nx": binary.has_nx,
        "canary": any(binary.has_symbol(name) for name in ("__stack_chk_fail", "__intel_security_cookie")),
    }


def main(root):
    result = {}
    seen = set()
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            status = os.stat(path)
            if (status.st_dev, status.st_ino) in seen:
                continue
            if status.st_nlink > 1:
                seen.add((status.st_dev, status.st_ino))
            try:
                with open(path, "rb") as file:
                    if file.read(4) != b"\x7fELF":
                        continue
            except OSError:
                continue
            result[path] = checks(path)
    json.dump(result, sys.stdout)


main(sys.argv[1])
