"""Seeds of JSON, JSON Schema, advisories and security.txt."""
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "Tests/Pipelines/Disclosure/Export/Golden"
SCHEMAS = ROOT / "Sources/Formats/Advisories/Schemas"


def fill(add):
    golden = [path.read_bytes() for path in sorted(GOLDEN.glob("*.json"))]
    add("JSON", *golden, '{"a": [1, -2.5e3, null, true], "b": {"c": "\\u00e9\\ud83d\\ude00"}}', "[[[[]]]]", '"\\x"', "1e400",
        words=["\\u", "\\ud83d", "null", "true", "e+", '":', "[{"], repeat=["[", '{"a":', "1,", '"a",', ("[", "0,", "0]")])
    divider = b"\xff" * 4
    add("JSONSchema", *((SCHEMAS / name).read_bytes() + divider + document for name, document in [
        ("openvex-0.2.0.json", golden[-1]), ("osv.json", golden[-1]), ("cvss-v3.1.json", b"{}"), ("github-private-report.json", b"{}")]),
        b'{"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"}' + divider + b"[[[]]]",
        b'{"const": {"a": {"not": {}}}, "$ref": "#/const/a", "$defs": {"a": {"$id": "x:a", "not": {"$ref": "#"}}}}' + divider + b"1",
        b'{"pattern": "^(a|b)*c{2,3}[^x-z\\\\s]$", "format": "date-time", "multipleOf": 0.1}' + divider + b'"abcc!"',
        b'{"oneOf": [{"const": 1}, {"not": {"enum": [2]}}], "if": true, "then": {"contains": false}}' + divider + b"[1]",
        words=['"$ref":"#"', '"allOf":[', '"pattern":"', '"properties":{', '"items":', "(a*)*", "{1,9}", "[^", '"unevaluatedProperties":'],
        repeat=[('{"allOf":[', '{"$ref":"#"},', "{}]}"), ('{"pattern":"', "(a*)*", '"}'), ('{"pattern":"', "(", '"}'),
                ('{"not":', '{"not":', "{}")])
    add("Advisories", *golden, "pkg:rpm/azurelinux/p@1.0-1.azl3?arch=x86_64", "pkg:npm/%40a/b@1",
        words=["csaf_vex", "https://openvex.dev/ns/v0.2.0", "product_tree", "branches", "affected", "known_affected", "ranges", "csaf_version", "2.1",
            "purls", "metrics", "content", "cvss_v4", "cwes", "product_paths", "beginning_product_reference", "distribution", "AMBER+STRICT"],
        repeat=['{"branches":[', "pkg:a/", "%20"])
    add("SecurityText", "Contact: https://a.org\nExpires: 2027-06-01T00:00:00Z\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nContact: mailto:a@b\n- -x\n-----BEGIN PGP SIGNATURE-----\n\nAA==\n"
        "-----END PGP SIGNATURE-----\n", "Preferred-Languages: en, de\nCSAF: https://a.org/provider-metadata.json\n: x\ny\n",
        words=["Contact: ", "Expires: ", "Canonical: ", "mailto:", "2027-06-01T00:00:00+01:00", "-----BEGIN PGP SIGNATURE-----"],
        repeat=["Contact: x\n", "\n", "#", "Expires: 2027-06-01T00:00:00Z\n"])
