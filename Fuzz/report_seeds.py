"""Seed inputs of the formats of vulnerability reports. `gen-corpus` calls `fill` with its `add`."""

REPORT = """---
schema-version: 1
id: 2026-0001
title: 'Out-of-bounds write: "frobnicate"'
type: [CWE-787]
component:
  name: frob
  version: "3.0"
  package-url: "pkg:rpm/azurelinux/frob@3.0-2?arch=x86_64"
location: {repository: "https://example.org/x", reference: main}
source-files:
  - src/a.c
affected: {introduced: "0", ranges: [{introduced: "2", last-affected: "3"}], versions: ["1"]}
environment: {subject: {kind: host, digests: {sha256: 00ff}}}
cvss: {"3.1": CVSS:3.1/AV:L}
finding: {check: elf.pie, evidence: [{path: /bin/a, line: 7, value: x, how: y}]}
attachments:
  - {path: a/b.bin, kind: proof-of-concept}
status: {state: not-affected, justification: component_not_present}
identifiers: {cve: CVE-2026-12345, ghsa: GHSA-2345-6789-cfgh}
reporter: {email: a@example.org}
references: [{url: "https://example.org", kind: fix}]
timeline:
  discovered: 2026-11-20
  follow-ups: [2026-11-23]
  sent: 2026-11-21T10:00:00Z
---

<!-- hint -->
## Summary
text `<!-- x -->` <!-- y -->

## Proof of concept
```sh
## no heading
```
"""
VECTORS = [
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:P/RL:O/RC:C/CR:H/IR:M/AR:L/MAV:A/MAC:H/MPR:H/MUI:R/MS:U/MC:L/MI:N/MA:H",
    "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A/CR:H/IR:M/AR:L/MAV:P/MSI:S/MSA:S/S:P/AU:Y/R:I/V:C/RE:H/U:Red",
    "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:N/VI:L/VA:N/SC:L/SI:L/SA:N",
]


def fill(add):
    add("VulnerabilityReport", REPORT, REPORT.replace("\n", "\r\n"), "---\n---\n", "---\nid: x\n---\n## Impact\n~~~\n~~~\n",
        "---\ntimeline:\n  # remark\n    sent: 2026-01-01\n    follow-ups:\n      - 2026-01-02\nid: x\n---\n",
        words=["---\n", "\n## ", "```", "~~~", "<!--", "-->", "Summary", "Impact", "Analysis", "timeline:", "  sent: ", "follow-ups: ", "attachments:\n", "  - path: ",
               "../", ": ", "- ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "|\n", ">\n", "CWE-", "https://"],
        repeat=[("---\nid: ", "x", "\n---\n"), ("---\nid: ", "[", ""), ("---\n", "- ", ""), ("---\ntype: [", "CWE-1,", "]\n---\n"), ("---\n---\n## Summary\n", "`", ""),
                ("---\n---\n## Summary\n", "<!--", ""), ("---\n---\n## Summary\n", "<!-- -->", ""), ("---\n---\n## Summary\n", "`a``b", "\n"),
                ("---\n---\n", "## Summary\n", ""), ("---\n---\n## Summary\n", "```\n", ""), ("---\n", "a: b\n", "---\n"), ("---\nid: \"", "\\x2A", "\"\n---\n"), "---\n", "&a *a "])
    add("CVSS", *VECTORS, words=["CVSS:3.1/", "CVSS:4.0/", "/", ":", "X", "MSI:S", "U:Amber", "/E:", "/MAV:"], repeat=["/E:X", "CVSS:4.0/", ("CVSS:3.1", "/AV:N", "")])
