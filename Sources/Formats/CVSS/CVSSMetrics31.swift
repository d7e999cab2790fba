extension CVSSVersion {
    /// The metrics of CVSS 3.1 in the order of a vector. <https://www.first.org/cvss/v3.1/specification-document#2-Base-Metrics>
    static let metrics31: [CVSSMetric] = base31 + temporal31 + requirements + base31.map { $0.modified() }

    private static let base31: [CVSSMetric] = [
        CVSSMetric(
            "AV", "Attack Vector", .base,
            """
            N|Network|the attacker needs no more than a network between, however many routers it has
            A|Adjacent|the attacker must be in the same network or in radio range
            L|Local|the attacker needs access to the machine, or somebody there who opens something
            P|Physical|the attacker must touch the machine
            """),
        CVSSMetric(
            "AC", "Attack Complexity", .base,
            """
            L|Low|the attack works whenever it is tried
            H|High|the attack needs conditions that the attacker cannot bring about alone
            """),
        CVSSMetric(
            "PR", "Privileges Required", .base,
            """
            N|None|the attacker needs no account
            L|Low|the attacker needs the rights of an ordinary user
            H|High|the attacker needs the rights of an administrator
            """),
        CVSSMetric(
            "UI", "User Interaction", .base,
            """
            N|None|nobody else has to do anything
            R|Required|somebody else has to do something first
            """),
        CVSSMetric(
            "S", "Scope", .base,
            """
            C|Changed|what is harmed is under another security authority than the vulnerable component
            U|Unchanged|what is harmed is under the same security authority as the vulnerable component
            """),
        CVSSMetric(
            "C", "Confidentiality", .base,
            impact31(
                "confidentiality", "all that the component can read is disclosed, or the worst of it",
                "some of it is disclosed, not of the attacker's choice")),
        CVSSMetric(
            "I", "Integrity", .base,
            impact31(
                "integrity", "everything can be changed, or the worst of it",
                "something can be changed, without much consequence")),
        CVSSMetric(
            "A", "Availability", .base,
            impact31(
                "availability", "the component can be denied to its users",
                "the component gets slower or fails at times")),
    ]

    private static func impact31(_ what: String, _ high: String, _ low: String) -> String {
        "H|High|\(high)\nL|Low|\(low)\nN|None|no \(what) is lost"
    }

    private static let temporal31: [CVSSMetric] = [
        CVSSMetric(
            "E", "Exploit Code Maturity", .threat,
            """
            H|High|an exploit works everywhere, or none is needed
            F|Functional|an exploit works in most cases
            P|Proof-of-Concept|there is a proof of concept that does not work everywhere
            U|Unproven|there is no exploit, or only a theoretical one
            """),
        CVSSMetric(
            "RL", "Remediation Level", .threat,
            """
            U|Unavailable|there is no remedy
            W|Workaround|there is a workaround that is not the vendor's
            T|Temporary Fix|there is a temporary fix of the vendor
            O|Official Fix|there is a fix of the vendor
            """),
        CVSSMetric(
            "RC", "Report Confidence", .threat,
            """
            C|Confirmed|it was reproduced, or the vendor confirmed it
            R|Reasonable|much is known, the cause is not certain
            U|Unknown|reports differ, or the cause is not known
            """),
    ]

    /// How much the parts of the impact matter where the component is used: the same in 3.1 and 4.0.
    static let requirements: [CVSSMetric] = [
        ("CR", "Confidentiality Requirement", "confidentiality"), ("IR", "Integrity Requirement", "integrity"),
        ("AR", "Availability Requirement", "availability"),
    ].map { letters, name, what in
        CVSSMetric(
            letters, name, .environmental,
            "H|High|a loss of \(what) would be a catastrophe here\nM|Medium|a loss of \(what) would be serious here\n"
                + "L|Low|a loss of \(what) would matter little here")
    }
}
