"""Seed inputs of the formats that packages and images are distributed in: signatures, packages, repositories, images.

`gen-corpus` calls `fill` with its `add`. Keys and packages of Tests/Vectors are used where they are small; where there is
GnuPG, it adds keys of other kinds with signatures by them.
"""
import base64
import hashlib
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

VECTORS = Path(__file__).resolve().parent.parent / "Tests" / "Vectors"
# What `run` cuts inputs to.
LONGEST = 16384
# Divides the parts of one input (Sources/FuzzSupport/Input.swift).
DIVIDER = b"\xff" * 4

# RFC 9580, appendix A.1, A.2 (of the text "OpenPGP"), A.3 and A.6.
VERSION4_KEY = """-----BEGIN PGP PUBLIC KEY BLOCK-----

xjMEU/NfCxYJKwYBBAHaRw8BAQdAPwmJlL3ZFu1AUxl5NOSofIBzOhKA1i+AEJku
Q+47JAY=
-----END PGP PUBLIC KEY BLOCK-----
"""
VERSION4_SIGNATURE = """-----BEGIN PGP SIGNATURE-----

iF4EABYIAAYFAlX5X5UACgkQjP3hIZeWWpr2IgD/VvkMypjiECY3vZg/2xbBMd/S
ftgr9N3lYG4NdWrtM2YBANCcT6EVJ/A44PV/IgHYLy6iyQMyZfps60iehUuuYbQE
-----END PGP SIGNATURE-----
"""
VERSION6_CERTIFICATE = """-----BEGIN PGP PUBLIC KEY BLOCK-----

xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYf
GwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxy
KwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lw
gyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaE
QsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn
+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIh
BssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8
j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805
I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==
-----END PGP PUBLIC KEY BLOCK-----
"""
CLEARTEXT = """-----BEGIN PGP SIGNED MESSAGE-----

What we need from the grocery store:

- - tofu
- - vegetables
- - noodles

-----BEGIN PGP SIGNATURE-----

wpgGARsKAAAAKQWCY5ijYyIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce6
2azJAAAAAGk2IHZJX1AhiJD39eLuPBgiUU9wUA9VHYblySHkBONKU/usJ9BvuAqo
/FvLFuGWMbKAdA+epq7V4HOtAPlBWmU8QOd6aud+aSunHQaaEJ+iTFjP2OMW0KBr
NK2ay45cX1IVAQ==
-----END PGP SIGNATURE-----
"""
TEXT = b"a line \n- dash\r\n\tend"


def bare(armored):
    """What a block of armor holds."""
    lines = armored.split("\n\n", 1)[1].split("-----END", 1)[0].split()
    return base64.b64decode("".join(line for line in lines if len(line) != 5 or line[0] != "="))


def vectors(folder, pattern):
    for path in sorted((VECTORS / folder).glob(pattern)):
        if path.suffix != ".md" and path.stat().st_size <= LONGEST:
            yield path.read_bytes()


def gnupg():
    """Of each of some kinds of keys: the certificate, armored, with signatures and a clearsigned message."""
    program = shutil.which("gpg")
    if not program:
        return
    with tempfile.TemporaryDirectory() as home:
        options = [program, "--homedir", home, "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback",
                   "--faked-system-time", "1700000000"]
        text = Path(home) / "text"
        text.write_bytes(TEXT)

        def run(*arguments):
            made = subprocess.run([*options, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            return made.stdout if made.returncode == 0 else b""

        try:
            for number, (kind, subkey) in enumerate([("ed25519", "cv25519"), ("nistp256", "nistp384"), ("rsa2048", "rsa2048"),
                                                     ("nistp521", "ed25519"), ("dsa2048", "")]):
                name = f"key{number}@example.org"
                run("--quick-generate-key", name, kind, "sign,cert" if number % 2 else "cert", "9y")
                listing = run("--with-colons", "--list-keys", name).decode()
                prints = [line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:")]
                if not prints:
                    continue
                run("--quick-add-key", prints[0], "rsa2048" if kind == "rsa2048" else kind, "sign", "1y" if number % 2 else "8y")
                run("--quick-add-uid", name, f"b <b{number}@example.org>")
                if number == 1:
                    run("--quick-revoke-uid", name, f"b <b{number}@example.org>")
                certificate = run("--armor", "--export", prints[0])
                signed = [run("--local-user", name, "--output", "-", *how, str(text)) for how in (
                    ["--detach-sign"], ["--armor", "--detach-sign", "--digest-algo", "SHA512"],
                    ["--textmode", "--detach-sign", "--digest-algo", "SHA384"], ["--clearsign"])]
                yield certificate, signed[:3], signed[3]
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)


def packet(tag, body):
    return bytes([0xC0 | tag, 0xFF]) + struct.pack(">I", len(body)) + body


def rsa_certificate(bits):
    """A key packet and a self-signature by it that is none, as costly to refuse as a good one is to accept."""
    modulus = b"\xc1" + bytes(range(7, 251)) * (bits // 8 // 244 + 1)
    modulus = modulus[:bits // 8 - 1] + b"\x01"
    number = lambda value: struct.pack(">H", len(value) * 8 - 8 + value[0].bit_length()) + value
    key = b"\x04" + struct.pack(">I", 1_600_000_000) + b"\x01" + number(modulus) + number(b"\x01\0\0\0\x01")
    head = b"\x04\x1f\x01\x08\0\x06\x05\x02" + struct.pack(">I", 1_650_000_000)
    # Without the first bytes of its digest, nobody would look at its number.
    digest = hashlib.sha256(b"\x99" + struct.pack(">H", len(key)) + key + head + b"\x04\xff" + struct.pack(">I", len(head)))
    return packet(6, key), packet(2, head + b"\0\0" + digest.digest()[:2] + number(b"\x41" + modulus[1:]))


def rpm_header(region, tags, outside=(), gap=b""):
    """A header of (tag, type, count, value); the tags of `outside` stand behind the region's trailer."""
    index, store = b"", b""

    def put(tag, kind, count, value):
        nonlocal index, store
        store += bytes(-len(store) % {3: 2, 4: 4, 5: 8}.get(kind, 1))
        index += struct.pack(">IIII", tag, kind, len(store), count)
        store += value

    for tag in tags:
        put(*tag)
    first = b""
    if region:
        store += gap
        first = struct.pack(">IIII", region, 7, len(store), 16)
        store += struct.pack(">IIiI", region, 7, -16 * (len(tags) + 1), 16)
    for tag in outside:
        put(*tag)
    count = (len(first) + len(index)) // 16
    return b"\x8e\xad\xe8\x01\0\0\0\0" + struct.pack(">II", count, len(store)) + first + index + store


def text_tag(tag, *values):
    return tag, 8 if len(values) > 1 or tag in (278, 1047, 5092, 5097) else 6, len(values), b"".join(
        value.encode() + b"\0" for value in values)


def rpm(signatures, tags, payload=b"payload", major=3, kind=0, name=b"hello-1.0-1", **options):
    lead = struct.pack(">4sBBHH66sHH16x", b"\xed\xab\xee\xdb", major, 0, kind, 1, name, 1, 5)
    section = rpm_header(62, signatures, **options)
    return lead + section + bytes(-len(section) % 8) + rpm_header(63, tags) + payload


def rpms():
    signature = bare(VERSION4_SIGNATURE)
    main = [text_tag(1000, "hello"), text_tag(1001, "1.0"), text_tag(1002, "1"), (1006, 4, 1, struct.pack(">I", 1 << 30)),
            text_tag(1014, "MIT"), text_tag(1022, "noarch"), text_tag(1044, "hello-1.0-1.src.rpm"), text_tag(1124, "cpio"),
            text_tag(1125, "gzip"), text_tag(5092, "a" * 64), (5093, 4, 1, struct.pack(">I", 8)), text_tag(5097, "b" * 64)]
    size = (1000, 4, 1, struct.pack(">I", 400))
    yield rpm([text_tag(269, "c" * 40), text_tag(273, "0" * 64), size, (1008, 7, 4, bytes(4))], main)
    yield rpm([(267, 7, len(signature), signature), (268, 7, len(signature), signature), (1002, 7, len(signature), signature),
               (1004, 7, 16, bytes(16)), (1005, 7, len(signature), signature), (1007, 4, 1, bytes(4)),
               (1008, 7, 32, bytes(32))], main[:10], b"", kind=1)
    yield rpm([text_tag(273, "0" * 64), text_tag(278, *[base64.b64encode(signature).decode()] * 2), text_tag(279, "d" * 64),
               (999, 7, 200, bytes(200))], main + [(5114, 4, 1, struct.pack(">I", 6))], major=4)
    yield rpm([size], main[:3], outside=[(1008, 7, 8, b"leftover")], name=b"other")
    yield rpm([(270, 5, 1, struct.pack(">Q", 1 << 40)), text_tag(274, "e" * 8, "f"), text_tag(276, "g")], main)
    lead = struct.pack(">4sBBHH66sHH16x", b"\xed\xab\xee\xdb", 3, 0, 0, 1, b"", 1, 5)
    yield lead + rpm_header(None, [size]) + bytes(4) + rpm_header(None, main[:3])


SHA256 = "ab" * 32
REPOMD = f"""<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000001</revision>
  <!-- a --><tags><content>binary &amp; more</content></tags>
  <data type="primary">
    <checksum type="sha256">{SHA256}</checksum>
    <open-checksum type="sha">{"cd" * 20}</open-checksum>
    <location xml:base="http://a" href="repodata/a%20b-primary.xml.zst"/>
    <timestamp>1700000000.25</timestamp>
    <size>1234</size>
    <open-size>56789</open-size>
  </data>
  <data type='updateinfo'><checksum type="md5">{"ef" * 16}</checksum><location href="u"></location></data>
</repomd>
"""
PACKAGE = f"""<package type="rpm">
  <name>hello</name>
  <arch>noarch</arch>
  <version epoch="0" ver="1.0" rel="1"/>
  <checksum type="sha256" pkgid="YES">{SHA256}</checksum>
  <summary>It's &lt;one&gt; &#x26; only &#38; ü</summary>
  <description><![CDATA[a < b && c]]></description>
  <packager/>
  <time file="1700000002" build="1700000003"/>
  <size package="6105" installed="10" archive="20"/>
  <location href="Packages/h/hello-1.0-1.noarch.rpm"/>
  <format>
    <rpm:vendor>Example &amp; Sons</rpm:vendor>
    <rpm:sourcerpm>hello-1.0-1.src.rpm</rpm:sourcerpm>
    <file>/usr/bin/hello</file>
  </format>
</package>
"""
PRIMARY = """<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="2">
"""


def both(value, width=4):
    return value.to_bytes(width, "little") + value.to_bytes(width, "big")


def record(name, block, length, flags=0, use=b""):
    """A directory record (ECMA-119, section 9.1)."""
    body = b"\0" + both(block) + both(length) + bytes([126, 11, 23, 1, 2, 3, 0, flags, 0, 0]) + both(1, 2)
    body += bytes([len(name)]) + name + bytes(1 - len(name) % 2) + use
    body += bytes(1 - len(body) % 2)
    return bytes([len(body) + 1]) + body


def rock_ridge(name, more=False, mode=None):
    entry = b"NM" + bytes([5 + len(name), 1, more]) + name
    return entry + (b"" if mode is None else b"PX\x24\1" + both(mode) + both(1) + both(0) + both(0))


def volume(kind, blocks, size, root, note=b""):
    wide = (lambda text, count: (text.encode("utf-16-be") + b"\0 " * 64)[:count]) if kind == 2 else \
        (lambda text, count: text.encode().ljust(count))
    head = bytes([kind]) + b"CD001\1\0" + wide("LINUX", 32) + wide("TEST", 32) + bytes(8) + both(blocks)
    head += (b"%/E" if kind == 2 else b"").ljust(32, b"\0") + both(1, 2) * 2 + both(size, 2) + both(10)
    head += struct.pack("<II8x", 27, 0) + record(b"\0", root, size, 2)
    head += wide("SET", 128) + wide("PUBLISHER", 128) + wide("PREPARER", 128) + wide("APPLICATION", 128) + wide("", 111)
    head += b"2026112301020350\4" + (b"0" * 16 + b"\0") * 3 + b"\1\0" + note.ljust(512)
    return head.ljust(2048, b"\0")


def fat(bits):
    """A FAT file system with `EFI/BOOT/BOOTAA64.EFI`; only its first sectors are there."""
    # The tables are shorter than the clusters demand: only their beginning is needed.
    total = {12: 12, 16: 5000, 32: 70000}[bits]
    image = bytearray((2 + (bits < 32) + 4) * 512)
    struct.pack_into("<HBHBHHBH", image, 11, 512, 1, 1, 1, 0 if bits == 32 else 16, total if total < 65536 else 0, 0xF8,
                     1 if bits < 32 else 0)
    struct.pack_into("<II", image, 32, 0 if total < 65536 else total, 1)
    image[510:512] = b"\x55\xaa"
    entry = lambda name, attributes, cluster, size: struct.pack("<11sB14xHI", name, attributes, cluster, size)
    long = struct.pack("<B10sB2x12s2x4s", 0x41, "boot\0".encode("utf-16-le"), 0x0F, b"\xff" * 12, b"\xff" * 4)
    struct.pack_into("<I", image, 44, 2 if bits == 32 else 0)
    if bits == 12:
        image[512:521] = b"\xf8\xff\xff\xff\xff\xff\x05\xf0\xff"
    else:
        links = [0xFFFFFF8, 0xFFFFFFF, 0xFFFFFFF, 0xFFFFFFF, 5 if bits == 16 else 0xFFFFFFF, 0xFFFFFFF]
        for number, link in enumerate(links):
            struct.pack_into("<H" if bits == 16 else "<I", image, 512 + number * bits // 8,
                             link & (0xFFFF if bits == 16 else 0xFFFFFFFF))
    data = 512 * (2 + (bits < 32))
    root = data if bits == 32 else data - 512
    efi, boot, at = (3, 4, data + 512) if bits == 32 else (2, 3, data)
    image[root:root + 32] = entry(b"EFI        ", 0x10, efi, 0)
    body = entry(b".          ", 0x10, efi, 0) + long + entry(b"BOOT       ", 0x10, boot, 0)
    image[at:at + len(body)] = body
    image[at + 512:at + 544] = entry(b"BOOTAA64EFI", 0x20, 5 if bits == 32 else 4, 600 if bits < 32 else 9)
    return bytes(image)


def boot_catalog(image, efi, sectors=4, platform=0xEF):
    first = bytearray(b"\1\0\0\0VENDOR".ljust(30, b"\0") + b"\x55\xaa")
    struct.pack_into("<H", first, 28, -sum(struct.unpack("<16H", first)) & 0xFFFF)
    return bytes(first) + struct.pack("<BBHBBHI20x", 0x88, 0, 0, 0, 0, 4, image) + struct.pack("<BBH28x", 0x91, platform, 1) \
        + struct.pack("<BBHBBHI20x", 0x88, 0x20, 0, 0, 0, sectors, efi) + bytes([0x44]) + bytes(31)


def gpt(count, first, last):
    guid = bytes.fromhex("28732ac11ff8d211ba4b00a0c93ec93b")
    header = bytearray(512)
    # The entries lie in the header's own sector, so that they are part of a short input.
    struct.pack_into("<8sII4x4xQQQQ16xQII", header, 0, b"EFI PART", 65536, 92, 1, 9, 34, 99, 1, count, 128)
    header[128:160] = guid + bytes(16)
    struct.pack_into("<QQ", header, 160, first, last)
    return bytes(header)


def iso(size=512, joliet=False, bits=12, note=b"", head=b"", pad=0, platform=0xEF):
    """An image as the target ISO9660 takes it: the first 1,024 bytes, then everything from sector 16 on."""
    sectors = 4 if joliet else 3
    unit = 2048 // size
    catalog, folders = 16 + sectors, 17 + sectors
    content = folders + (5 if joliet else 4) * size // 2048 + 1
    at = lambda number: folders * unit + number
    system_use = b"SP\x07\1\xbe\xef\0"
    dots = lambda own, parent: record(b"\0", own, size, 2, system_use if own == at(0) else b"") + record(b"\1", parent, size, 2)
    more = b"CE\x1c\1" + both(at(3)) + both(0) + both(64)
    link = b"SL\x0d\1\0" + b"\2\0" + b"\0\4name"
    files = [
        dots(at(0), at(0)) + record(b"EFI", at(1), size, 2) + record(b"LONG.TXT;1", content * unit, 5,
                                                                     use=rock_ridge(b"long", True) + more)
        + record(b"M.;1", content * unit, size, 0x80) + record(b"M.;1", content * unit + unit, 7)
        + record(b"L.;1", 0, 0, use=rock_ridge(b"l", mode=0o120777) + link),
        dots(at(1), at(0)) + record(b"BOOT", at(2), size, 2, rock_ridge(b"Boot", mode=0o40755)),
        dots(at(2), at(1)) + record(b"BOOTAA64.EFI;1", content * unit, 100),
        rock_ridge(b"-name") + b"ST\4\1",
        dots(at(4), at(4)) + record("ü.txt;1".encode("utf-16-be"), content * unit, 5)][:5 if joliet else 4]
    body = b"".join(file.ljust(size, b"\0") for file in files)
    body += bytes(-len(body) % 2048)
    content = folders + len(body) // 2048
    disk = fat(bits) if bits else b""
    blocks = (content * 2048 + len(disk) + pad) // size
    image = volume(1, blocks, size, at(0), note)
    image += (b"\0CD001\1" + b"EL TORITO SPECIFICATION").ljust(71, b"\0") + struct.pack("<I", catalog) + bytes(1973)
    if joliet:
        image += volume(2, blocks, size, at(4))
    image += b"\xffCD001\1".ljust(2048, b"\0") + boot_catalog(content, content, 1 if joliet else 4, platform).ljust(
        2048, b"\0")
    return head.ljust(1024, b"\0") + image + body + disk


def boot_record(kind, first, count):
    return bytes(446) + struct.pack("<BBHBBHII", 0x80, 0, 0, kind, 0, 0, first, count) + bytes(48) + b"\x55\xaa"


def isos():
    yield iso()
    yield iso(joliet=True, bits=0)
    # Partitions that begin where the boot image does.
    yield iso(bits=32, head=boot_record(0xEF, 84, 6), platform=0)
    yield iso(size=1024, bits=16, head=boot_record(0xEE, 1, 99) + gpt(2, 88, 93), platform=0)[:LONGEST]
    sums = b"ISO MD5SUM = " + b"0123456789abcdef" * 2 + b";SKIPSECTORS = %d;RHLISOSTATUS=1;"
    # An odd first byte lets zeros follow, so that there is room for what is cut off here, and for fragments.
    yield iso(size=2048, note=sums % 0, head=b"\xeb")[:LONGEST]
    yield iso(size=2048, bits=0, note=sums % 3 + b"FRAGMENT SUMS = " + b"0123456789" * 6 + b";FRAGMENT COUNT = 3;", head=b"\xeb",
              pad=131072)[:LONGEST]
    yield iso()[:-3000]


def ar(*members):
    archive = b"!<arch>\n"
    for name, content in members:
        archive += b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name, 1700000000, 0, 0, 0o100644, len(content)) + content
        archive += b"\n" * (len(content) % 2)
    return archive


def tar_entry(name, content=b"", kind=b"0", link=b"", prefix=b"", size=None, magic=b"ustar\x0000"):
    octal = lambda value, count: b"%0*o\0" % (count - 1, value)
    header = name.ljust(100, b"\0") + octal(0o644, 8) + octal(1, 8) + octal(2, 8) + (size or octal(len(content), 12))
    header += octal(1700000000, 12) + b" " * 8 + kind + link.ljust(100, b"\0") + magic + b"user".ljust(32, b"\0")
    header += b"group".ljust(32, b"\0") + octal(0, 8) * 2 + prefix.ljust(155, b"\0") + bytes(12)
    header = header[:148] + octal(sum(header), 7) + b" " + header[156:]
    return header + content + bytes(-len(content) % 512)


def pax(*pairs):
    records = b""
    for keyword, value in pairs:
        rest = len(keyword) + len(value) + 3
        length = next(n for n in range(rest, rest + 9) if n == rest + len(str(n)))
        records += b"%d %s=%s\n" % (length, keyword, value)
    return records


def tars():
    end = bytes(1024)
    yield tar_entry(b"./", kind=b"5") + tar_entry(b"./control", b"Package: a\nVersion: 1\n") + end
    yield tar_entry(b"PaxHeaders/a", pax((b"path", b"long/name"), (b"size", b"5"), (b"mtime", b"-1.5"), (b"uid", b"9")), b"x") \
        + tar_entry(b"a", b"12345") + tar_entry(b"b", kind=b"2", link=b"../c", prefix=b"usr/bin") + end
    yield tar_entry(b"././@LongLink", b"n" * 120 + b"\0", b"L", magic=b"ustar  \0") + tar_entry(b"n", magic=b"ustar  \0") \
        + tar_entry(b"././@LongLink", b"l" * 120 + b"\0", b"K") + tar_entry(b"h", kind=b"1", link=b"n") + end
    yield tar_entry(b"g", pax((b"gname", b"wheel"), (b"path", b"all")), b"g") + tar_entry(b"a") + tar_entry(b"a") + end[:512]
    yield tar_entry(b"big", b"x", size=b"\x80" + bytes(10) + b"\1") + tar_entry(b"dev", kind=b"3") + tar_entry(b"v", kind=b"7")


RELEASE = f"""Origin: Debian
Label: Debian
Suite: stable
Version: 12.6
Codename: bookworm
Date: Sat, 29 Jun 2024 09:06:15 UTC
Valid-Until: Sat, 06 Jul 2024 09:06:15 +0200
Acquire-By-Hash: yes
Architectures: all amd64
Components: main contrib
MD5Sum:
 {"01" * 16} 1234 main/binary-amd64/Packages
SHA256:
 {SHA256} 1234 main/binary-amd64/Packages
 {"cd" * 32}        9 main/binary-amd64/Packages.gz
SHA512:
 {"ef" * 64} 1234 ./main/binary-amd64/Packages
"""
PACKAGES = f"""Package: hello
Version: 1:2.10-3~bpo+1
Architecture: amd64
Description: a
 b
 .
 c
Filename: ./pool/main/h/hello/hello_2.10-3_amd64.deb
Size: 53084
MD5sum: {"01" * 16}
SHA256: {SHA256}

Package: b\r
Version: 1\r
Architecture: all\r
Filename: b.deb\r
Size: 0\r
SHA512: {"ef" * 64}\r
"""


def fill(add):
    """Gives `add` the seeds, words and repetitions of every format here."""
    openpgp(add)
    rpm_formats(add)
    images(add)
    debian(add)


def openpgp(add):
    armor = ["-----BEGIN PGP SIGNATURE-----\n\n", "-----END PGP SIGNATURE-----\n", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n",
             "-----END PGP PUBLIC KEY BLOCK-----\n", "Version: a\n", "\n=", "\xff\xff\xff\xff"]
    # Lengths of packets, algorithms, subpackets: creation, issuer, fingerprint, flags, embedded signature.
    packets = ["\xc2\xff\0\0", "\xc6\xff\0\0", "\xcd\1", "\xce\xff\0\0", "\x88", "\x98", "\xb4\0", "\xc2\x5e\4", "\5\2\0\0\0\0",
               "\x09\x10", "\x16\x21\4", "\x22\x21\6", "\2\x1b\3", "\2\x1b\2", "\x84", "\4\x1d\0", "\5\x09\0\0\0\0", "\4\x13\1\x08",
               "\4\x18\x16\x0a", "\4\x20", "\4\x28", "\4\x30", "\4\x1f", "\6\0\x1b\x0a", "\x2a\x86\x48\xce\x3d\3\1\7",
               "\x2b\6\1\4\1\xda\x47\x0f\1"]
    sample = [bare(VERSION4_SIGNATURE), bare(VERSION4_KEY), b"OpenPGP"]
    add("OpenPGPSignature", VERSION4_SIGNATURE, sample[0], DIVIDER.join(sample), sample[0] * 3,
        DIVIDER.join([VERSION4_SIGNATURE.encode(), VERSION4_KEY.encode(), b"OpenPGP"]),
        DIVIDER.join([bare(CLEARTEXT.split("noodles\n\n")[1]), bare(VERSION6_CERTIFICATE),
                      CLEARTEXT.split("\n\n", 1)[1].split("\n-----")[0].replace("- -", "-").replace("\n", "\r\n").encode()]),
        b"\xc2\x4e" + b"\3\5\0" + bytes(12) + b"\1\2ab\0\x08\xff" + bytes(60), words=armor + packets,
        repeat=["-----BEGIN PGP SIGNATURE-----\n", ("-----BEGIN PGP SIGNATURE-----\n", "A: b\n", ""), VERSION4_SIGNATURE,
                ("-----BEGIN PGP SIGNATURE-----\n\n", "AAAA\n", "-----END PGP SIGNATURE-----\n"), sample[0].decode("latin-1"),
                ("-----BEGIN PGP SIGNATURE-----\n\n", "\n", ""), "\n", "-", "\xc2\0", "\xd5\0", "\xca\3PGP",
                ("\xc2\xff\0\3\xff\xf0\4\0\x16\x08\xff\xf0", "\2\x65\0", ""), ("\xc2\xff\0\3\xff\xf0\4\0\x16\x08\0\0\xff\xff", "\x80", "")])
    certificates = [VERSION4_KEY, VERSION6_CERTIFICATE, bare(VERSION6_CERTIFICATE)]
    key, signature = rsa_certificate(8192)
    add("OpenPGPKeyring", *certificates, *vectors("OpenPGP", "*"), *vectors("RPM", "*.asc"), b"".join(rsa_certificate(2048)),
        words=armor[2:] + packets,
        repeat=[bare(VERSION6_CERTIFICATE).decode("latin-1"), bare(VERSION4_KEY).decode("latin-1"), "\xc6\0",
                (sample[1].decode("latin-1"), "\xcd\0", ""), (sample[1].decode("latin-1"), "\xcd\1a\xc2\0", ""),
                (sample[1].decode("latin-1"), "\xce\1\4", ""), (sample[1].decode("latin-1"), sample[0].decode("latin-1"), ""),
                (key.decode("latin-1"), signature.decode("latin-1"), ""), key.decode("latin-1"),
                (bare(VERSION6_CERTIFICATE)[:44].decode("latin-1"), bare(VERSION6_CERTIFICATE)[44:223].decode("latin-1"), "")])
    add("CleartextMessage", CLEARTEXT, CLEARTEXT.encode() + DIVIDER + VERSION6_CERTIFICATE.encode(),
        "text before\n" + CLEARTEXT.replace("MESSAGE-----\n", "MESSAGE-----\nHash: SHA512, SHA256\n") + "behind\n",
        CLEARTEXT.replace("\n", "\r\n"),
        words=["-----BEGIN PGP SIGNED MESSAGE-----\n", "\n-----BEGIN PGP SIGNATURE-----\n\n", "Hash: SHA256\n", "- ", " \n", "\r\n",
               "\t\r", *armor],
        repeat=["-----BEGIN PGP SIGNED MESSAGE-----\n", "-----BEGIN PGP SIGNED MESSAGE-----\n\n", " ", "\n", "-",
                ("-----BEGIN PGP SIGNED MESSAGE-----\n\n", "\n", CLEARTEXT.split("noodles\n")[1]),
                ("-----BEGIN PGP SIGNED MESSAGE-----\n\n", " ", CLEARTEXT.split("noodles\n")[1]),
                ("-----BEGIN PGP SIGNED MESSAGE-----\n\n", "- -\n", CLEARTEXT.split("noodles\n")[1]),
                ("-----BEGIN PGP SIGNED MESSAGE-----\n", "Hash: SHA256\n", ""),
                ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: ", "SHA256,", "\n"), CLEARTEXT])
    for certificate, signatures, clearsigned in gnupg():
        add("OpenPGPKeyring", certificate)
        add("OpenPGPSignature", *(DIVIDER.join([signature, certificate, TEXT]) for signature in signatures if signature))
        if clearsigned:
            add("CleartextMessage", clearsigned + DIVIDER + certificate)


def rpm_formats(add):
    numbers = [62, 63, 256, 259, 262, 264, 266, 267, 268, 269, 270, 271, 273, 274, 275, 276, 277, 278, 279, 280, 999, 1000, 1001,
               1002, 1003, 1004, 1005, 1006, 1007, 1008, 1022, 1044, 1046, 1106, 1124, 1125, 5090, 5092, 5093, 5097, 5112, 5114]
    packages = list(rpms())
    start = packages[0][:96].decode("latin-1")
    # Main headers behind an empty signature header: of nothing but index entries, and of one tag with many strings.
    empty = start + (rpm_header(62, []) + b"\x8e\xad\xe8\x01\0\0\0\0").decode("latin-1")
    row = lambda *numbers: struct.pack(f">{len(numbers)}I", *numbers).decode("latin-1")
    add("RPMFile", *packages, *(content for content in vectors("RPM", "*.rpm")),
        words=[row(number) for number in [*range(1, 10), *numbers]] + ["\x8e\xad\xe8\1", "\xed\xab\xee\xdb", "\xff\xff\xff\xf0", "\xff\xff\xff\xe0"],
        repeat=[start, (start, rpm_header(62, [(1008, 7, 1, b"\0")]).decode("latin-1"), ""), empty[:-8], (packages[0].decode("latin-1"), "\0", ""),
                (rpm([], []).decode("latin-1")[:-7], "\0", ""), (empty + row(16000, 4), row(1000, 6, 0, 1), ""),
                (empty + row(1, 262000) + row(1047, 8, 0, 131000), "a\0", "")])
    xml = ["<", "/>", "</", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&#x26;", "&#38;", "<?xml", "?>", "<!DOCTYPE", "type=\"",
           "href=\"", "\"", "'", "\xc3\xbc", "%2f", "../", "/\xcc\x81", "%cc%81"]
    add("RepositoryIndex", REPOMD, REPOMD.replace("\n", ""), REPOMD.replace("  ", "").replace("\n", "\r\n"),
        words=xml + ["<data type=\"a\">", "</data>", "<checksum type=\"sha256\">", "<location href=\"a\"/>", "<repomd>", "</repomd>", "<size>"],
        repeat=["<repomd>", "<a>", ("<repomd>", "<a/>", "</repomd>"), ("<repomd ", "a='b' ", "/>"), ("<repomd a='", "&amp;", "'/>"),
                ("<repomd><revision>", "a&#38;", "</revision></repomd>"), ("<repomd><!--", "-", ""), ("<repomd><![CDATA[", "]", ""),
                ("<repomd>", f"<data type='a'><checksum type='sha256'>{SHA256}</checksum><location href='a'/></data>", "</repomd>"),
                ("<repomd>" + "<data>" * 40, "<size>", ""), ("<repomd><data type='a'><location href='", "a/", "'/></data></repomd>"),
                "<", "&", "<?xml?>", ("<repomd><", "a", ""), ("<repomd a='", "b", ""), "<!DOCTYPE a [\n", ("<repomd>", "\n", "")])
    add("PackageList", PRIMARY + PACKAGE * 2 + "</metadata>\n", (PRIMARY + PACKAGE + "</metadata>").replace("\n", "\r\n"),
        "<metadata packages='0'/>", words=xml + ["<package type=\"rpm\">", "</package>", "<name>", "</name>", "<arch>", "<version ver=\"1\" rel=\"1\"/>",
                                                  "<format>", "<rpm:vendor>", "<metadata>", "</metadata>", "packages=\"1\""],
        repeat=["<metadata>", (PRIMARY, PACKAGE.replace("ü", ""), "</metadata>"), ("<metadata>", "<package type='rpm'></package>", ""),
                ("<metadata><package type='rpm'>", "<name>", ""), ("<metadata><package type='rpm'><name>", "a", "</name>"),
                ("<metadata><package type='rpm'><name>", "&#10;", "</name>"), ("<metadata>", "<!-- -->", ""), ("<metadata>", "<![CDATA[]]>", ""),
                ("<metadata>", "&lt;", ""), "\xef\xbb\xbf"])


def images(add):
    pictures = list(isos())
    assert all(len(picture) <= LONGEST for picture in pictures), [len(picture) for picture in pictures]
    volumes = pictures[0][:1024 + 3 * 2048].decode("latin-1")
    add("ISO9660", *pictures, words=["CD001", "EL TORITO SPECIFICATION", "SP\7\1\xbe\xef\0", "NM\6\1\0", "CE\x1c\1", "PX\x24\1", "SL\x0d\1\0", "CL\x0c\1",
                                     "RE\4\1", "ST\4\1", "PL\x0c\1", "EFI PART", "\x55\xaa", "NSR02", "BEA01", "ISO MD5SUM = ", "SKIPSECTORS = ",
                                     "FRAGMENT COUNT = ", "%/E", "BOOTX64.EFI", "\xef\1\0"],
        repeat=["\1CD001\1\0", (volumes, record(b"A", 19, 4096, 2).decode("latin-1"), ""),
                (volumes, record(b"A.;1", 19, 9, 0x80).decode("latin-1"), ""), (volumes, "\0", ""),
                (volumes + boot_catalog(20, 20).decode("latin-1")[:64], "\x90\xef\xff\xff", ""), ("\0" * 1024, "\2CD001\1\0", "")])
    sums = f"{SHA256}  a.iso\n{'cd' * 32} *./dir/b.iso\n"
    add("ChecksumList", sums, f"# comment\nSHA256 (a.iso) = {SHA256}\nSHA512 (a.iso) = {'ef' * 64}\nSHA256 (a.iso) = {SHA256}\n",
        f"MD5 (a b) = {'01' * 16}\r\nBLAKE2b-256 (A.ISO) = {SHA256}\nWHIRLPOOL (x) = {'12' * 64}\n", f"\\{SHA256}  a\\nb\\\\c\n", f"{SHA256} a\n",
        f"SHA2-256(a)= {SHA256}\nSHA3-256 (ü) = {SHA256}\nsha1 (a) = {'ab' * 20}\nBLAKE2b (a) = {'ab' * 64}\n", f"{SHA256}  a\n{'cd' * 32}  b/a\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n", words=["SHA256 (", ") = ", SHA256, "SHA512 (", "MD5 (", "BLAKE2b-", "  ", " *", "./", "../", "\\", "\r\n",
                                                       "# ", "\xef\xbb\xbf", "a.iso", "SHA3-256 ("],
        repeat=[sums, "a\n", "#\n", "\n", "a", " ", "(", ")", f"SHA256 (a) = {SHA256}\n", (f"\\{SHA256}  ", "\\n", ""), ("SHA256 (", ")", "= a\n"),
                (f"{SHA256}  ", "/", "\n"), "\\"])


def debian(add):
    control = next(tars())
    deb = ar((b"debian-binary", b"2.0\n"), (b"control.tar.xz", b"\xfd7zXZ"), (b"data.tar.zst", b"\x28\xb5\x2f\xfd"))
    add("DebianPackage", deb, ar((b"debian-binary", b"2.0\n"), (b"_gpgorigin", b"a"), (b"control.tar", control), (b"data.tar", control), (b"_x/", b"")),
        ar((b"a", b"")), words=["!<arch>\n", "debian-binary   ", "control.tar.gz  ", "data.tar.lzma   ", "_gpgorigin      ", "`\n", "2.0\n",
                                "100644  ", "0         ", "1         ", "#1/20"],
        repeat=["!<arch>\n", ("!<arch>\n", ar((b"a", b""))[8:].decode("latin-1"), ""), (deb.decode("latin-1"), ar((b"b", b"x"))[8:].decode("latin-1"), ""),
                ("!<arch>\n", "`\n", "")])
    latin = lambda value: value.decode("latin-1")
    add("TarArchive", *tars(), words=["ustar\x0000", "ustar  \0", "path=", "linkpath=", "size=", "uid=", "uname=", "mtime=", "GNU.sparse.major=", "11 path=a\n",
                                      "././@LongLink", "0000000\0", "\x80\0\0\0", "./", "../"],
        repeat=[latin(tar_entry(b"a")), latin(tar_entry(b"a", b"7 a=b\n", b"x")), latin(tar_entry(b"a", b"a" * 512, b"L")), "\0",
                (latin(tar_entry(b"g", pax((b"path", b"p" * 400)), b"g")), latin(tar_entry(b"a")), ""),
                (latin(tar_entry(b"g", b"7 a=b\n" * 43000, b"x")[:512]), "7 a=b\n", ""),
                (latin(tar_entry(b"g", b"7 a=b\n" * 43000, b"g")[:512]), "6 a=b\n", ""),
                (latin(tar_entry(b"g", bytes(260000), b"L")[:512]), "9", "")])
    lines = [f" {SHA256} 1 a\n", " ", "\n\n", "\n ", "\t", "\r\n", ": ", "#", "./", "../"]
    add("ReleaseFile", RELEASE, f"SHA256:\n {SHA256} 1 a\nDate: 1 Jan 1970 0:0:0 Z\n",
        words=lines + ["Date: ", "Valid-Until: ", "SHA256:\n", "SHA512:\n", "MD5Sum:\n", "SHA1:\n", "Acquire-By-Hash: yes\n", "Sat, ", "29 Feb 2024", "+0200",
                       "UTC"],
        repeat=[RELEASE, "A: b\n", ("SHA256:\n", f" {SHA256} 1 a\n", ""), ("SHA256:\n", f" {SHA256} 1 ", ""), ("Date: ", "1 ", "\n"), ("Architectures: ", "a ", "\n"),
                ("A:\n", " b\n", ""), ("A: ", "b", ""), " ", ":", ("SHA256:\n " + SHA256 + " 1 ", "a/", "\n")])
    add("PackagesFile", PACKAGES, "# a\n" + PACKAGES, PACKAGES.replace("\n", "\r\n"), "A: b\n\n\n\nC:\n d",
        words=lines + ["Package: ", "Version: ", "Architecture: ", "Filename: ", "Size: ", "SHA256: ", "MD5sum: ", "size:"],
        repeat=[PACKAGES + "\n", "A: b\n\n", "\n", "A: b\n", ("A: b\n", " c\n", ""), ("A: ", "b", ""), "#\n", ("Package: a\n", "\t.\n", ""), "\r\n", "A:\n"])
    add("AptListName", "deb.debian.org_debian_dists_bookworm_InRelease", "a_dists_bookworm-updates_main_binary-amd64_Packages.lz4",
        "_srv_my%5fmirror_dists_a_b_Release", "x%2fy", "dists_dists_a", words=["_dists_", "_", "%5f", "%", "InRelease", "Packages"],
        repeat=["_", "%41", "%", "a", "_dists"])
