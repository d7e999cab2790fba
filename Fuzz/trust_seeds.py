"""Seeds of the trust store's formats: sources, outputs and manifests, from certificates whose signatures are nobody's."""
import base64
import hashlib
import struct

DIGEST = hashlib.sha256(b"abc").hexdigest()
USAGES = {"server": "06082b06010505070301", "mail": "06082b06010505070304", "code": "06082b06010505070303"}


def node(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def sequence(*parts):
    return node(0x30, *parts)


def usage(*names):
    return sequence(*(bytes.fromhex(USAGES[name]) for name in names))


def name(text, tag=12):
    return sequence(node(0x31, sequence(bytes.fromhex("0603550403"), node(tag, text))))


def key(number):
    return sequence(sequence(bytes.fromhex("06032b6570")), node(3, b"\0", bytes([number]) * 32))


def certificate(number, subject=b"CA", version=3, authority=True, purposes=()):
    algorithm = sequence(bytes.fromhex("06032b6570"))
    extensions = b""
    if authority:
        extensions += sequence(bytes.fromhex("0603551d13"), b"\x01\x01\xff", node(4, sequence(b"\x01\x01\xff")))
    if purposes:
        extensions += sequence(bytes.fromhex("0603551d25"), node(4, usage(*purposes)))
    body = sequence(
        node(0xA0, node(2, bytes([version - 1]))) if version > 1 else b"", node(2, bytes([number])), algorithm, name(subject),
        sequence(node(23, b"200101000000Z"), node(24, b"20500101000000Z")), name(subject), key(number),
        node(0xA3, sequence(extensions)) if version == 3 and extensions else b"")
    return sequence(body, algorithm, node(3, bytes(65)))


def pem(label, der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def percent(der):
    return "".join(f"%{byte:02x}" for byte in der)


def octal(der):
    return "".join(f"\\{byte:03o}" for byte in der)


def persisted():
    header = "[p11-kit-object-v1]\n"
    extension = sequence(bytes.fromhex("0603551d25"), b"\x01\x01\xff", node(4, usage("server", "mail")))
    yield header + 'label: "A%20CA"\ntrusted: true\nnss-mozilla-ca-policy: true\nmodifiable: false\n' + pem("CERTIFICATE", certificate(1))
    yield header + 'x-distrusted: true\nnss-server-distrust-after: "200101000000Z"\n' + pem("CERTIFICATE", certificate(2, b"Two"))
    yield (header + f'class: x-certificate-extension\nobject-id: 2.5.29.37\nvalue: "{percent(extension)}"\n' + pem("PUBLIC KEY", key(1))
           + header + "trusted: true\n" + pem("CERTIFICATE", certificate(1)))
    yield (header + f'class: certificate\nx-distrusted: true\nissuer: "{percent(name(b"CA"))}"\nserial-number: "%02%01%01"\n'
           + header + "class: certificate\nx-distrusted: true\n" + pem("PUBLIC KEY", key(2)))


def certdata(level="CKT_NSS_TRUSTED_DELEGATOR", mail="CKT_NSS_MUST_VERIFY_TRUST"):
    der = certificate(1)
    identity = f"CKA_ISSUER MULTILINE_OCTAL\n{octal(name(b'CA'))}\nEND\nCKA_SERIAL_NUMBER MULTILINE_OCTAL\n\\002\\001\\001\nEND\n"
    return (f'# list\nBEGINDATA\nCKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE\nCKA_LABEL UTF8 "A\\x20CA"\n{identity}'
            f"CKA_VALUE MULTILINE_OCTAL\n{octal(der)}\nEND\nCKA_NSS_SERVER_DISTRUST_AFTER CK_BBOOL CK_FALSE\n\n"
            f"CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST\n{identity}"
            f"CKA_CERT_SHA1_HASH MULTILINE_OCTAL\n{octal(hashlib.sha1(der).digest())}\nEND\n"
            f"CKA_TRUST_SERVER_AUTH CK_TRUST {level}\nCKA_TRUST_EMAIL_PROTECTION CK_TRUST {mail}\n")


def auxiliary(trusted, rejected=(), alias=b"Alias"):
    parts = [usage(*trusted)] if trusted else []
    if rejected:
        parts.append(node(0xA0, usage(*rejected)[2:]))
    return sequence(*parts, node(12, alias))


def java(*ders):
    body = struct.pack(">III", 0xFEEDFEED, 2, len(ders))
    for number, der in enumerate(ders):
        alias = b"ca%d" % number
        body += struct.pack(">IH", 2, len(alias)) + alias + struct.pack(">QH", 1000, 5) + b"X.509" + struct.pack(">I", len(der)) + der
    return body + hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def efi(*ders):
    kind, owner = bytes.fromhex("a159c0a5e494a74a87b5ab155c2bf072"), bytes.fromhex("503bdddc05f4fd4396bebd33b1734776")
    return b"".join(kind + struct.pack("<III", 44 + len(der), 0, 16 + len(der)) + owner + der for der in ders)


def manifest():
    return (f"assay-trust-manifest\t1\ntool\t0.1.0\nrules\tassay\ntime\t1700000000\nsource\t{DIGEST}\t0\tanchors\t/etc/a.pem\n"
            f"skipped\t3\t/etc/x\tno base64\nignored\t/etc/x~\ta backup or temporary file\nlink\t0a.pem\tlegacy/0a.0\n"
            f"file\t{DIGEST}\tlegacy/0a.pem\nfile\t{DIGEST}\tpem/tls-ca-bundle.pem\ncount\t2\tpem/tls-ca-bundle.pem\ncount\t1\tlegacy\nend\n")


def fill(add):
    one, two = certificate(1), certificate(2, b"Two", purposes=["server"])
    trusted = pem("TRUSTED CERTIFICATE", one + auxiliary(["server"], ["mail"]))
    distrusted = pem("TRUSTED CERTIFICATE", one + auxiliary([], ["server", "mail", "code"]))
    plain = pem("CERTIFICATE", one)
    add("TrustSource", one, certificate(3, b"Old", version=1, authority=False), two, plain, "# CA\n" + plain + pem("CERTIFICATE", two),
        trusted, distrusted, plain.replace("\n", "\r\n"), *persisted(), certdata(), certdata("CKT_NSS_NOT_TRUSTED", "CKT_NSS_NOT_TRUSTED"),
        words=["[p11-kit-object-v1]\n", "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "TRUSTED CERTIFICATE", "X509 CERTIFICATE",
               "-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n", "class: certificate\n", "class: x-certificate-extension\n", "trusted: true\n",
               "x-distrusted: true\n", "object-id: 2.5.29.37\n", 'value: "', 'label: "', 'issuer: "', 'serial-number: "', "BEGINDATA\n",
               "CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE\n", "CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST\n", "MULTILINE_OCTAL\n", "\nEND\n", "\\060",
               "CKT_NSS_NOT_TRUSTED", "CKA_TRUST_SERVER_AUTH CK_TRUST ", "\x30\x82", "\x30\x03\x06\x01\x01", "%30"],
        repeat=[plain, trusted, "[", "-", "-----BEGIN ", "-----BEGIN CERTIFICATE-----\n", "[p11-kit-object-v1]\n", "\n", "#",
                ("[p11-kit-object-v1]\n", "trusted", ""), ("[p11-kit-object-v1]\nlabel: \"", "%41", "\"\n"), "BEGINDATA", "BEGINDATA\n",
                "\\060", ("BEGINDATA\nCKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE\nCKA_VALUE MULTILINE_OCTAL\n", "\\060\n", "END\n"),
                ("BEGINDATA\n", "CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST\n", ""), ("\x30\x83\x03\xff\xf0", "\x30\0", ""), "\x30\x80",
                ("-----BEGIN CERTIFICATE-----\n", "MAA=", ""), "-----BEGIN X-----\n-----END X-----\n",
                "[p11-kit-object-v1]\nclass:certificate\nx-distrusted:true\nissuer:\"0%01a\"\nserial-number:\"%02%01a\"\n"])
    add("StoreOutputs", plain, "# CA\n" + plain + "\n# Two\n" + pem("CERTIFICATE", two), trusted, distrusted, java(one, two), efi(one, two), java(), "",
        words=["-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "-----BEGIN TRUSTED CERTIFICATE-----\n", "# ", "X.509", "\xfe\xed\xfe\xed",
               "\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a"],
        repeat=[plain, trusted, "-----BEGIN CERTIFICATE-----\n", "#\n", "\n", ("-----BEGIN CERTIFICATE-----\n", "MAA=", ""), "\xfe\xed\xfe\xed",
                efi(one).decode("latin-1")])
    source = f"source\t{DIGEST}\t0\tmain\t/a\n"
    start = "assay-trust-manifest\t1\ntool\t1\nrules\tassay\ntime\t-\n"
    add("StoreManifest", manifest(), start + "end\n",
        words=["source\t", "skipped\t", "ignored\t", "file\t", "link\t", "count\t", "end\n", "time\t-\n", "rules\tp11-kit\n", "\\x0a", "\\\\", DIGEST, "../"],
        repeat=[manifest(), (start, source, "end\n"), (start, "ignored\ta\tb\n", "end\n"), (start, f"link\ta\tb\n", ""), "\t", "\\", (start[:-2], "1", "\n"),
                (start, "count\t1\tlegacy\n", "end\n")])
