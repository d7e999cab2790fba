#!/usr/bin/env python3
"""Compare assay with other tools, whole processes, pair by pair: compare.py [--rounds N] [--json FILE] [ROW ...]

In each round the tools of a row run one after the other, so that a busy machine slows them alike; the ratio is taken in
each round and its median is shown. CPU is user + system time; memory is the peak of the process (wait4's ru_maxrss).
A first run that is not counted warms the page cache. A peer that is not installed is left out and named.
Only the standard library is used; LIEF is run with --python, an interpreter that can import it.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIEF = HERE / "lief_checks.py"


def measure(command):
    """Wall seconds, CPU seconds and peak memory in MiB of one process."""
    start = time.monotonic()
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1, 2):
        sys.exit(f"{' '.join(command[:4])} …: exit code {child.returncode}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}


def elf_files(folder):
    for path in sorted(Path(folder).iterdir()):
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def sample(step):
    """A folder with every `step`th ELF file of /usr/bin, the sample for tools that take a process or more a file."""
    folder = Path(tempfile.mkdtemp(prefix="assay-sample-"))
    for path in list(elf_files("/usr/bin"))[::step]:
        shutil.copy2(path, folder / path.name)
    return str(folder)


def median(values):
    return statistics.median(values)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="names of rows; all without")
    parser.add_argument("--assay", default=str(HERE.parent / ".build" / "release" / "assay"))
    parser.add_argument("--python", default=sys.executable, help="an interpreter with LIEF")
    parser.add_argument("--debian", help="a Debian root directory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", help="write all measurements here")
    options = parser.parse_args()

    has_lief = subprocess.run([options.python, "-c", "import lief"], stderr=subprocess.DEVNULL).returncode == 0
    lief = lambda *paths: [options.python, str(LIEF), *paths] if has_lief else None
    tool = lambda name, *arguments: [name, *arguments] if shutil.which(name) else None
    audit = lambda path: [options.assay, "audit", path, "--fail-on", "none"]
    short = sample(6)
    # Row: (name, rounds or None, [(tool, command)]); the first tool is ours.
    table = [
        ("start-up", None, [("assay --version", [options.assay, "--version"])]),
        ("/usr/bin", None, [
            ("assay", audit("/usr/bin")), ("LIEF", lief("/usr/bin")), ("scanelf", tool("scanelf", "-qBF", "%o%F", "-e", "-t", "-n", "/usr/bin"))]),
        ("/usr/bin, checksec", 1, [
            ("assay", audit("/usr/bin")), ("checksec", tool("checksec", "--dir=/usr/bin", "--output=json"))]),
        ("sample of /usr/bin", min(options.rounds, 3), [
            ("assay", audit(short)), ("LIEF", lief(short)),
            ("checksec", tool("checksec", f"--dir={short}", "--output=json"))]),
        ("/usr", min(options.rounds, 3), [("assay", audit("/usr")), ("LIEF", lief("/usr"))]),
        ("this machine", min(options.rounds, 3), [("assay audit /", audit("/")), ("assay audit /usr", audit("/usr"))]),
    ]
    if options.debian:
        table.append(("Debian root", None, [("assay", audit(options.debian)), ("LIEF", lief(options.debian))]))

    version = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[:1]
    print(f"{platform.platform()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("assay", *version(options.assay, "--version"), "· LIEF",
          *(version(options.python, "-c", "import lief; print(lief.__version__)") if has_lief else ["absent"]),
          "· scanelf", *(version("scanelf", "--version") if shutil.which("scanelf") else ["absent"]))
    print(f"\n{'row':20} {'tool':18} {'wall s':>8} {'cpu s':>8} {'MiB':>6} {'x wall':>8} {'x cpu':>8}  rounds")
    results = []
    for name, rounds, commands in table:
        if options.rows and name not in options.rows:
            continue
        missing = [label for label, command in commands if not command]
        commands = [(label, command) for label, command in commands if command]
        rounds = rounds or options.rounds
        runs = {label: [] for label, _ in commands}
        if rounds > 1:
            for _, command in commands:
                measure(command)
        for _ in range(rounds):
            for label, command in commands:
                runs[label].append(measure(command))
        ours = runs[commands[0][0]]
        for label, _ in commands:
            of = lambda key: median([run[key] for run in runs[label]])
            ratio = lambda key: median([run[key] / max(mine[key], 1e-6) for run, mine in zip(runs[label], ours)])
            ratios = f"{ratio('wall'):8.2f} {ratio('cpu'):8.2f}" if label != commands[0][0] else " " * 17
            print(f"{name:20} {label:18} {of('wall'):8.3f} {of('cpu'):8.3f} {of('memory'):6.0f} {ratios}  {rounds}", flush=True)
        for label in missing:
            print(f"{name:20} {label:18} not installed")
        results.append({"row": name, "runs": runs})
    shutil.rmtree(short)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n")


main()
