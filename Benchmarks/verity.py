#!/usr/bin/env python3
"""Compare 'assay verity' with veritysetup and with the SHA-256 kernel alone: verity.py [--rounds N] [--assay PATH]

In each round the commands of a row run one after the other, so that a busy machine slows them alike; the ratio is taken in
each round and its median is shown. The files are written before and stay in the page cache. Memory is the peak of the
process (wait4's ru_maxrss). The table is Markdown. Only the standard library is used.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import measure

HERE = Path(__file__).resolve().parent
SALT = "e48da609055204e89ae53b655ca2216dd983cf3cb829f34f63a297d106d53e2d"
MIB = 1 << 20


def remove(*paths):
    for path in paths:
        Path(path).unlink(missing_ok=True)
    # What the file system does about a removed file is no part of the next command.
    os.sync()


def data(folder, mebibytes):
    path = folder / f"data-{mebibytes}"
    with open(path, "wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(MIB))
    return str(path)


def build_raw(folder):
    """The kernel alone, built as the package builds it."""
    sources = [str(p) for p in (HERE.parent / "Sources/Base/CSHA2").glob("*.c")]
    program = str(folder / "raw-sha256")
    subprocess.run(
        ["clang", "-O2", "-I", str(HERE.parent / "Sources/Base/CSHA2/include"), str(HERE / "raw_sha256.c"), *sources,
         "-o", program, "-lpthread"], check=True)
    return program


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", default=str(HERE.parent / ".build" / "release" / "assay"))
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin"
    if not shutil.which("veritysetup"):
        sys.exit("veritysetup is missing: apt-get install cryptsetup-bin")
    folder = Path(tempfile.mkdtemp(prefix="assay-verity-"))
    try:
        run(options, folder)
    finally:
        shutil.rmtree(folder)


def run(options, folder):
    threads = len(os.sched_getaffinity(0))
    raw = build_raw(folder)
    large, small = data(folder, 1024), data(folder, 256)
    ours, theirs, fec = str(folder / "ours"), str(folder / "theirs"), str(folder / "fec")
    salt, root_file = ["--salt", SALT], str(folder / "root")

    def assay(command, image, *rest):
        return [options.assay, "verity", command, image, ours, *rest]

    def peer(command, image, *rest):
        return ["veritysetup", command, image, theirs, *rest]

    measure(assay("format", large, *salt, "--root-hash-file", root_file))
    measure(peer("format", large, *salt))
    root = Path(root_file).read_text()
    rows = [
        ("format, 1 GiB", 1, assay("format", large, *salt), peer("format", large, *salt)),
        ("verify, 1 GiB", 1, assay("verify", large, root), peer("verify", large, root)),
    ]
    for roots in [2, 24]:
        with_fec = ["--fec-device", fec, f"--fec-roots={roots}"]
        rows.append((f"format with FEC, {roots} roots, 256 MiB", 0.25, assay("format", small, *salt, *with_fec),
                     peer("format", small, *salt, *with_fec)))
    print(f"{threads} processors, load {os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds\n")
    print("| | assay | veritysetup | ratio | CPU ratio | of the kernel's raw speed | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, gibibytes, mine, other in rows:
        is_format = mine[2] == "format"
        results = []
        for number in range(options.rounds if "FEC" not in name else min(options.rounds, 3)):
            if is_format:
                remove(ours, theirs, fec)
            first = measure(mine)
            if is_format:
                remove(fec)
            second = measure(other)
            speed = float(subprocess.run([raw, str(threads), "2"], capture_output=True, check=True).stdout)
            results.append((first, second, gibibytes * (1 << 30) / first["wall"] / speed))
        if "1 GiB" in name and is_format:
            measure(assay("format", large, *salt))
            measure(peer("format", large, *salt))
        wall = statistics.median(r[1]["wall"] / r[0]["wall"] for r in results)
        cpu = statistics.median(r[1]["cpu"] / r[0]["cpu"] for r in results)
        share = "" if "FEC" in name else f"{statistics.median(r[2] for r in results):.0%}"
        print(f"| {name} | {statistics.median(r[0]['wall'] for r in results):.2f} s | "
              f"{statistics.median(r[1]['wall'] for r in results):.2f} s | {wall:.1f} | {cpu:.1f} | {share} | "
              f"{max(r[0]['memory'] for r in results):.0f} MiB |", flush=True)
    remove(large, small)
    print("\n| Size (sparse) | format: peak memory | verify: peak memory |\n| --- | --- | --- |")
    for name, size in [("64 MiB", 64), ("1 GiB", 1024), ("8 GiB", 8192)]:
        sparse = str(folder / "sparse")
        with open(sparse, "wb") as file:
            file.truncate(size * MIB)
        remove(ours)
        made = measure(assay("format", sparse, *salt, "--root-hash-file", root_file))
        checked = measure(assay("verify", sparse, Path(root_file).read_text()))
        print(f"| {name} | {made['memory']:.0f} MiB | {checked['memory']:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
