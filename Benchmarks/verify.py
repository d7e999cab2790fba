#!/usr/bin/env python3
"""Compare 'assay verify' with gpgv and sha256sum, and with rpmkeys: verify.py [--rounds N] [--assay PATH]

In each round the commands of a row run one after the other, so that a busy machine slows them alike; the ratio is taken in
each round and its median is shown. All files stay in the page cache. Memory is the peak of the process (wait4's ru_maxrss).
The packages are built here from files of this machine, signed with an RSA-4096 key, payload digest included. The table is
Markdown. Only the standard library is used.
"""
import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import measure

HERE = Path(__file__).resolve().parent
MIB = 1 << 20
VENDOR = "Vendor <vendor@example.org>"


def run(command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options)


def key(folder):
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    os.environ["GNUPGHOME"] = str(home)
    run(["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key", VENDOR, "rsa4096",
         "sign", "never"])
    (folder / "vendor.asc").write_bytes(run(["gpg", "--armor", "--export", VENDOR]).stdout)
    (folder / "vendor.gpg").write_bytes(run(["gpg", "--export", VENDOR]).stdout)


def image(folder, mebibytes):
    """An ISO image of about the size, with a signed list of checksums."""
    tree = folder / "tree"
    tree.mkdir()
    with open(tree / "content", "wb") as file:
        for _ in range(mebibytes - 1):
            file.write(os.urandom(MIB))
    iso = folder / "vendor-1.0.iso"
    run(["xorriso", "-as", "mkisofs", "-quiet", "-V", "VENDOR-1.0", "-o", str(iso), str(tree)])
    shutil.rmtree(tree)
    sums = run(["sha256sum", iso.name], cwd=folder).stdout
    (folder / "SHA256SUMS").write_bytes(sums)
    run(["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--output", str(folder / "SHA256SUMS.gpg"),
         "--detach-sign", str(folder / "SHA256SUMS")])
    return iso


def packages(folder, count, assay):
    """`count` signed packages with payloads of files of this machine, 2 KiB to a few MiB, as distributions have them."""
    target = folder / "packages"
    target.mkdir()
    random.seed(1)
    files = sorted(p for p in Path("/usr/bin").iterdir() if p.is_file() and not p.is_symlink())
    random.shuffle(files)
    kinds = 60
    for number in range(kinds):
        name = f"bench{number}"
        content = [files[(number * 7 + i) % len(files)] for i in range(1 + number % 4)]
        install = "\n".join(f"cp {p} %{{buildroot}}/opt/{name}/" for p in content)
        spec = folder / f"{name}.spec"
        spec.write_text(f"""%define debug_package %{{nil}}
%define __strip /bin/true
Name: {name}
Version: 1.0
Release: 1
Summary: benchmark
License: MIT
AutoReqProv: no
%description
benchmark
%install
mkdir -p %{{buildroot}}/opt/{name}
{install}
%files
/opt/{name}
""")
        run(["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {folder}/rpmbuild", "--define", f"_rpmdir {target}",
             "--define", "_build_name_fmt %%{NAME}-%%{VERSION}.rpm", "--define", "_binary_payload w3.zstdio",
             str(spec)])
    built = sorted(target.glob("*.rpm"))
    listing = run(["gpg", "--with-colons", "--list-keys"]).stdout.decode()
    fingerprint = next(line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:"))
    run([assay, "sign", "rpm", "--key", fingerprint, *map(str, built)])
    for number in range(len(built), count):
        shutil.copy(built[number % kinds], target / f"copy{number}-1.0.rpm")
    database = folder / "rpmdb"
    run(["rpmkeys", "--dbpath", str(database), "--import", str(folder / "vendor.asc")])
    return target, database


def table(rows, rounds):
    print("| | assay | peer | ratio | CPU ratio | assay's memory | peer's memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, mine, other in rows:
        measure(mine)
        measure(other)
        results = [(measure(mine), measure(other)) for _ in range(rounds)]
        wall = statistics.median(r[1]["wall"] / r[0]["wall"] for r in results)
        cpu = statistics.median(r[1]["cpu"] / r[0]["cpu"] for r in results)
        print(f"| {name} | {statistics.median(r[0]['wall'] for r in results):.3f} s | "
              f"{statistics.median(r[1]['wall'] for r in results):.3f} s | {wall:.1f} | {cpu:.1f} | "
              f"{max(r[0]['memory'] for r in results):.0f} MiB | {max(r[1]['memory'] for r in results):.0f} MiB |",
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", default=str(HERE.parent / ".build" / "release" / "assay"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--packages", type=int, default=300)
    options = parser.parse_args()
    for program in ["gpgv", "gpg", "xorriso", "rpmbuild", "rpmkeys"]:
        if not shutil.which(program):
            sys.exit(f"{program} is missing: make test installs it")
    folder = Path(tempfile.mkdtemp(prefix="assay-verify-"))
    try:
        key(folder)
        iso = image(folder, 1024)
        small = folder / "small"
        small.mkdir()
        target, database = packages(folder, options.packages, options.assay)
        count = len(list(target.glob("*.rpm")))
        size = sum(p.stat().st_size for p in target.glob("*.rpm")) / MIB
        first = sorted(target.glob("*.rpm"), key=lambda p: p.stat().st_size)[0]
        for number in range(count):
            shutil.copy(first, small / f"small{number}-1.0.rpm")
        verify = [options.assay, "verify", "--key", str(folder / "vendor.asc"), "--color", "never"]
        peer = f"cd {folder} && gpgv -q --keyring {folder}/vendor.gpg SHA256SUMS.gpg SHA256SUMS && sha256sum --check SHA256SUMS"

        def rpmkeys(where):
            return ["sh", "-c", f"rpmkeys --dbpath {database} -D '_pkgverify_level signature' -K {where}/*.rpm"]

        print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds; "
              f"{count} packages of {size:.0f} MiB in all, and {count} copies of the smallest "
              f"({first.stat().st_size / 1024:.0f} KiB)\n")
        table([
            ("ISO image, 1 GiB; gpgv and sha256sum --check", [*verify, str(iso)], ["sh", "-c", peer]),
            ("packages; one rpmkeys -K", [*verify, str(target)], rpmkeys(target)),
            ("packages, one thread", [*verify, "--threads", "1", str(target)], rpmkeys(target)),
            ("small packages; one rpmkeys -K", [*verify, str(small)], rpmkeys(small)),
        ], options.rounds)
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
