#!/usr/bin/env python3
"""Makes the certificates and the root directory of the examples of docs/trust.md: make-examples.py

The keys are made anew and thrown away, so every run gives other fingerprints: what is committed is the output of one run.
"""
import datetime
import shutil
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = Path(__file__).resolve().parent
START = datetime.datetime(2026, 1, 1)
serial = iter(range(1001, 2000))


def name(common):
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def make(common, issuer=None, key=None, authority=True, usage=None, years=10, host=None, path=None):
    """A certificate with its key; `issuer` is another one, or nothing for its own."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    parent = issuer or (None, key, common)
    builder = (x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(parent[2]))
               .public_key(key.public_key()).serial_number(next(serial)).not_valid_before(START)
               .not_valid_after(START + datetime.timedelta(days=365 * years))
               .add_extension(x509.BasicConstraints(ca=authority, path_length=path), critical=True))
    if authority:
        builder = builder.add_extension(x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False),
            critical=True)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=False)
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(parent[1], hashes.SHA256()), key, common


def pem(*made):
    return b"".join(m[0].public_bytes(serialization.Encoding.PEM) for m in made).decode()


def public_key(made):
    return made[1].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def percent(data):
    return "".join(f"%{byte:02x}" for byte in data)


def attached(made, oid, usages):
    usage = b"".join(bytes.fromhex("06082b060105050703") + bytes([u]) for u in usages)
    inner = bytes([0x30, len(usage)]) + usage
    body = oid[1] + bytes([0x04, len(inner)]) + inner
    return (f'[p11-kit-object-v1]\nlabel: "{made[2]}"\nclass: x-certificate-extension\nobject-id: {oid[0]}\n'
            f'value: "{percent(bytes([0x30, len(body)]) + body)}"\nmodifiable: false\n{public_key(made)}\n')


TRUSTED = ("2.5.29.37", bytes.fromhex("0603551d25"))
REJECTED = ("1.3.6.1.4.1.3319.6.10.1", bytes.fromhex("060a2b060104019977060a01"))


def write(path, text):
    target = HERE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def main():
    shutil.rmtree(HERE / "rootfs", ignore_errors=True)
    etc, usr = "rootfs/etc/pki/ca-trust/source", "rootfs/usr/share/pki/ca-trust-source"
    company = make("Company Root CA")
    issuing = make("Company Issuing CA", company, path=0)
    mine, bad, web, old = make("My CA"), make("Bad CA"), make("Web CA"), make("Old Vendor CA")
    vpn = make("VPN CA", usage=[ExtendedKeyUsageOID.CLIENT_AUTH])
    sub = make("Compromised Sub CA", web)
    stolen = make("Stolen CA")
    stolen2 = make("Stolen CA G2", key=stolen[1])
    server = make("intranet.example.org", authority=False, host="intranet.example.org")
    new = make("New CA")
    server_auth = [ExtendedKeyUsageOID.SERVER_AUTH]

    def host(issuer, years=1):
        return make("www.example.org", issuer, authority=False, usage=server_auth, years=years, host="www.example.org")

    impostor = make("Company Root CA")
    for file, made in [("ca", new), ("mine", mine), ("bad", bad), ("company", company), ("web", web), ("vpn", vpn),
                       ("old", old), ("sub", sub), ("stolen-g2", stolen2), ("server", server), ("issuing", issuing)]:
        write(f"{file}.pem", pem(made))
    write("host-chain.pem", pem(host(issuing), issuing))
    write("lone-chain.pem", pem(host(make("Unknown CA"))))
    write("forged-chain.pem", pem(host(impostor)))
    write("bad-chain.pem", pem(host(bad)))
    write(f"{etc}/anchors/company.pem", "# The company's own authority\n" + pem(company))
    write(f"{etc}/anchors/mine.pem", pem(mine))
    write(f"{etc}/anchors/vpn.pem", pem(vpn))
    write(f"{etc}/anchors/server.pem", pem(server))
    write(f"{etc}/anchors/sub.pem", pem(sub))
    write(f"{etc}/anchors/stolen-g2.pem", pem(stolen2))
    write(f"{etc}/anchors/company.pem.backup", pem(company))
    write(f"{etc}/issuing.pem", pem(issuing))
    write(f"{etc}/mine.distrust.p11-kit", attached(mine, REJECTED, [4]))
    write(f"{etc}/blocklist/bad.pem", pem(bad))
    issuer = sub[0].issuer.public_bytes()
    number = sub[0].serial_number
    write(f"{usr}/vendor.p11-kit", attached(web, TRUSTED, [1])
          + f'[p11-kit-object-v1]\nlabel: "Web CA"\ntrusted: true\nmodifiable: false\n{pem(web)}\n'
          + f'[p11-kit-object-v1]\nlabel: "Old Vendor CA"\nx-distrusted: true\nmodifiable: false\n{pem(old)}\n'
          + f'[p11-kit-object-v1]\nlabel: "Compromised Sub CA"\nclass: certificate\ncertificate-type: x-509\n'
          + f'x-distrusted: true\nissuer: "{percent(issuer)}"\n'
          + f'serial-number: "{percent(bytes([0x02, 2]) + number.to_bytes(2, "big"))}"\nmodifiable: false\n')
    write(f"{usr}/blocklist/stolen.pem", pem(stolen))
    write("old-rootfs/usr/share/pki/ca-trust-source/anchors/web.pem", pem(web))


main()
