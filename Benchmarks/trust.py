#!/usr/bin/env python3
"""Compare 'assay trust update' with update-ca-trust's six 'trust extract' calls, and with splitting a bundle by a shell script
that starts openssl for each certificate: trust.py [--rounds N] [--assay PATH]

The sources are Azure Linux's (Tests/Vectors/truststore/azurelinux). In each round the commands of a row run one after the
other, so that a busy machine slows them alike; the ratio is taken in each round and its median is shown. All processes run
as a user who is not root, as p11-kit reads a configuration of one's own only then. 'assay' writes eight outputs and a
manifest and flushes them to the disk; 'trust extract' writes six and flushes nothing. Only the standard library is used.
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
VECTORS = HERE.parent / "Tests" / "Vectors" / "truststore" / "azurelinux"
EXTRACTED = "etc/pki/ca-trust/extracted"

# The six calls of update-ca-trust.
EXTRACT = """
set -e
export P11_KIT_STRICT=
out=$1
trust extract --format=openssl-bundle --filter=certificates --overwrite --comment $out/openssl/ca-bundle.trust.crt
for pair in server-auth:tls email:email code-signing:objsign; do
    trust extract --format=pem-bundle --filter=ca-anchors --overwrite --comment --purpose=${pair%:*} \
        $out/pem/${pair#*:}-ca-bundle.pem
done
trust extract --format=java-cacerts --filter=ca-anchors --overwrite --purpose=server-auth $out/java/cacerts
trust extract --format=edk2-cacerts --filter=ca-anchors --overwrite --purpose=server-auth $out/edk2/cacerts.bin
"""

# One file for each piece between comments, one openssl for each file, then everything that was there goes.
SPLIT = """
set -e
bundle=$1 target=$2
work=$(mktemp -d)
cd "$work"
csplit -s -z -f piece- -b %d.pem "$bundle" '/^#/' '{*}'
for piece in piece-*.pem; do
    hash=$(openssl x509 -noout -hash -in "$piece")
    if [ -e "$hash.pem" ]; then
        echo "SKIPPED $piece"
        continue
    fi
    mv "$piece" "$hash.pem"
    ln -s "$hash.pem" "$hash.0"
done
rm -f "$target"/*.0 "$target"/*.pem
mv ./*.pem ./*.0 "$target"
"""


def system(folder, name, sources):
    root = folder / name
    usr = root / "usr/share/pki/ca-trust-source"
    usr.mkdir(parents=True)
    for source in sources:
        shutil.copy(source, usr)
    (root / EXTRACTED).mkdir(parents=True)
    return root


def configuration(folder, root):
    """A configuration of p11-kit that reads the system at `root`."""
    config = folder / "config" / "pkcs11"
    (config / "modules").mkdir(parents=True)
    (config / "pkcs11.conf").write_text("user-config: only\n")
    (config / "modules" / "trust.module").write_text(
        "module: p11-kit-trust.so\ntrust-policy: yes\n"
        f"x-init-reserved: paths={root}/etc/pki/ca-trust/source:{root}/usr/share/pki/ca-trust-source\n")
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")


def row(name, rounds, mine, other, before_mine=lambda: None, before_other=lambda: None):
    results = []
    for number in range(rounds + 1):
        before_mine()
        a = measure(mine)
        before_other()
        b = measure(other)
        # The first round fills the page cache.
        if number or rounds == 1:
            results.append((a, b))
    wall = statistics.median(b["wall"] / a["wall"] for a, b in results)
    cpu = statistics.median(b["cpu"] / a["cpu"] for a, b in results)
    print(f"| {name} | {statistics.median(a['wall'] for a, _ in results):.3f} s | "
          f"{statistics.median(b['wall'] for _, b in results):.3f} s | {wall:.1f} | {cpu:.1f} | "
          f"{max(a['memory'] for a, _ in results):.0f} MiB | {max(b['memory'] for _, b in results):.0f} MiB |", flush=True)
    return wall


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", default=str(HERE.parent / ".build" / "release" / "assay"))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--split-rounds", type=int, default=2)
    parser.add_argument("--folder", help="where temporary files go (default: the system's folder for them)")
    options = parser.parse_args()
    for program in ["trust", "openssl", "csplit", "setpriv"]:
        if not shutil.which(program):
            sys.exit(f"{program} is missing: make test installs it")
    folder = Path(tempfile.mkdtemp(prefix="assay-trust-", dir=options.folder))
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    try:
        assay = folder / "assay"
        shutil.copy(options.assay, assay)
        (folder / "bundle2pem.sh").symlink_to("assay")
        sources = sorted(VECTORS.glob("*.p11-kit"))
        root = system(folder, "root", sources)
        smaller = system(folder, "smaller", [s for s in sources if "base" not in s.name])
        configuration(folder, root)
        theirs, certs, certs2 = folder / "theirs", folder / "certs", folder / "certs2"
        for name in ["openssl", "pem", "java", "edk2"]:
            (theirs / name).mkdir(parents=True)
        store, fresh = folder / "store", folder / "fresh"
        for path in [certs, certs2, store, fresh]:
            path.mkdir()
        bundle = folder / "bundle.pem"
        subprocess.run([assay, "trust", "export", "tls", "--root", root, "--output", bundle], check=True)
        subprocess.run(["chmod", "-R", "a+rwX", folder], check=True)

        def update(root, store):
            return [*user, str(assay), "trust", "update", "--quiet", "--root", str(root), "--output", str(store)]

        def aside(path, successor=None):
            # Removing would make the next run slow: ext4 looks for each new inode at those that were freed just now.
            path.rename(Path(tempfile.mkdtemp(dir=folder)) / "old")
            if successor:
                successor.rename(path)
            else:
                path.mkdir()
                path.chmod(0o777)

        def another(number):
            other = folder / f"other{number}"
            other.mkdir()
            other.chmod(0o777)
            subprocess.run(update(smaller, other), check=True, stderr=subprocess.DEVNULL)
            return other

        extract = [*user, "sh", "-c", EXTRACT, "sh", str(theirs)]
        print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds\n")
        print("| | assay | peer | ratio | CPU ratio | assay's memory | peer's memory |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        row("all outputs in a new folder; six 'trust extract'", options.rounds, update(root, fresh), extract,
            before_mine=lambda: aside(fresh))
        # Each round has a store of its own, for the same reason.
        others = [another(number) for number in range(options.rounds + 1)]
        row("all outputs over another store; six 'trust extract'", options.rounds, update(root, store), extract,
            before_mine=lambda: aside(store, others.pop()))
        row("nothing to change; six 'trust extract'", options.rounds, update(root, store), extract)
        row("a bundle split, 235 certificates; a shell script", options.split_rounds,
            [*user, str(folder / "bundle2pem.sh"), str(bundle), str(certs)],
            [*user, "sh", "-c", SPLIT, "sh", str(bundle), str(certs2)], before_mine=lambda: aside(certs))
        found = len(list((theirs / "pem").glob("*.pem")))
        count = (theirs / "pem/tls-ca-bundle.pem").read_bytes().count(b"BEGIN CERT")
        if found != 3 or count != 235 or len(list(certs.glob("*.pem"))) != 235:
            sys.exit(f"the commands did not do the same: {found} bundles, {count} certificates")
    finally:
        shutil.rmtree(folder)


main()
