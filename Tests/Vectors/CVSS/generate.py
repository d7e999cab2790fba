#!/usr/bin/env python3
"""Prints what the PyPI package cvss (Red Hat, 3.6) says of seeded vectors: known answers and one digest of many.

usage: generate.py SEED COUNT        one line a vector: vector, base score, score
       generate.py SEED COUNT -d     the SHA-256 of those lines
"""
import hashlib
import sys

from cvss import CVSS3, CVSS4
from cvss.constants3 import ENVIRONMENTAL_METRICS
from cvss.constants3 import METRICS_VALUE_NAMES as VALUES3
from cvss.constants4 import METRICS_VALUE_NAMES as VALUES4

MASK = (1 << 64) - 1
BASE = {"3.1": 8, "4.0": 11}


class SplitMix:
    def __init__(self, state):
        self.state = state

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        value = self.state
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        return value ^ (value >> 31)


def vector(version, numbers):
    """Base metrics always; each other one in one of four cases. Values are drawn from their sorted letters."""
    fields = ["CVSS:" + version]
    for index, (metric, names) in enumerate((VALUES3 if version == "3.1" else VALUES4).items()):
        letters = sorted(set(names) - {"X"})
        if index >= BASE[version] and numbers.next() % 4:
            continue
        fields.append(f"{metric}:{letters[numbers.next() % len(letters)]}")
    return "/".join(fields)


def scores(version, text):
    if version == "3.1":
        base, temporal, environmental = CVSS3(text).scores()
        given = {field.split(":")[0] for field in text.split("/")}
        return base, environmental if given & set(ENVIRONMENTAL_METRICS) else temporal
    base = "/".join(text.split("/")[: BASE[version] + 1])
    return CVSS4(base).scores()[0], CVSS4(text).scores()[0]


def main():
    numbers = SplitMix(int(sys.argv[1]))
    digest = hashlib.sha256()
    for index in range(int(sys.argv[2])):
        version = "3.1" if index % 2 == 0 else "4.0"
        text = vector(version, numbers)
        base, score = scores(version, text)
        line = f"{text}\t{base:.1f}\t{score:.1f}\n"
        digest.update(line.encode())
        if sys.argv[3:] != ["-d"]:
            sys.stdout.write(line)
    if sys.argv[3:] == ["-d"]:
        print(digest.hexdigest())


main()
