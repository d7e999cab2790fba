extension CVSSVersion {
    /// The metrics of CVSS 4.0 in the order of a vector. <https://www.first.org/cvss/v4.0/specification-document#Vector-String>
    static let metrics40: [CVSSMetric] =
        base40
        + [
            CVSSMetric(
                "E", "Exploit Maturity", .threat,
                """
                A|Attacked|attacks were seen, or exploits that make them easy
                P|Proof-of-Concept|there is a proof of concept, and no attack is known
                U|Unreported|neither a proof of concept nor an attack is known
                """)
        ] + requirements + modified40 + supplemental40

    private static let base40: [CVSSMetric] = [
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
            L|Low|no protection has to be evaded first
            H|High|a protection has to be evaded or a secret found first
            """),
        CVSSMetric(
            "AT", "Attack Requirements", .base,
            """
            N|None|the attack works however the component is deployed
            P|Present|the attack needs a state of the component that is not always there, or a race to be won
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
            P|Passive|somebody else has to do something that is usual
            A|Active|somebody else has to do something particular, against warnings perhaps
            """),
        impact40(
            "VC", "Vulnerable System Confidentiality", "in the vulnerable system", "everything can be read",
            "something can be read"),
        impact40(
            "VI", "Vulnerable System Integrity", "in the vulnerable system", "everything can be changed",
            "something can be changed"),
        impact40(
            "VA", "Vulnerable System Availability", "of the vulnerable system", "the service can be denied",
            "the service gets worse at times"),
        impact40(
            "SC", "Subsequent System Confidentiality", "in other systems", "everything can be read",
            "something can be read"),
        impact40(
            "SI", "Subsequent System Integrity", "in other systems", "everything can be changed",
            "something can be changed"),
        impact40(
            "SA", "Subsequent System Availability", "of other systems", "the service can be denied",
            "the service gets worse at times"),
    ]

    private static func impact40(
        _ letters: String, _ name: String, _ place: String, _ high: String, _ low: String
    ) -> CVSSMetric {
        CVSSMetric(
            letters, name, .base,
            "H|High|\(high) \(place)\nL|Low|\(low) \(place)\nN|\(letters.hasPrefix("S") ? "Negligible" : "None")|nothing is lost \(place)"
        )
    }

    /// The modified metrics; the integrity and availability of other systems may concern people's safety.
    private static let modified40: [CVSSMetric] = base40.map { metric in
        let safety = CVSSMetric.Value(
            abbreviation: "S", name: "Safety", meaning: "people may be injured")
        return metric.modified(metric.abbreviation == "SI" || metric.abbreviation == "SA" ? [safety] : [])
    }

    private static let supplemental40: [CVSSMetric] = [
        CVSSMetric(
            "S", "Safety", .supplemental, "P|Present|people may be injured\nN|Negligible|people are not injured"),
        CVSSMetric(
            "AU", "Automatable", .supplemental,
            "Y|Yes|attacks on many targets can be automated\nN|No|attacks on many targets cannot be automated"),
        CVSSMetric(
            "R", "Recovery", .supplemental,
            """
            I|Irrecoverable|the system does not come back
            U|User|somebody has to bring the system back
            A|Automatic|the system comes back by itself
            """),
        CVSSMetric(
            "V", "Value Density", .supplemental,
            "C|Concentrated|one attack yields much\nD|Diffuse|one attack yields little"),
        CVSSMetric(
            "RE", "Vulnerability Response Effort", .supplemental,
            "H|High|a response is hard\nM|Moderate|a response takes some effort\nL|Low|a response is easy"),
        CVSSMetric(
            "U", "Provider Urgency", .supplemental,
            """
            Red|Red|the provider says: most urgent
            Amber|Amber|the provider says: urgent
            Green|Green|the provider says: less urgent
            Clear|Clear|the provider says: not urgent
            """),
    ]
}
