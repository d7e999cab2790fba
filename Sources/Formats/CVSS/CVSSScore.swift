/// A score of CVSS.
public struct CVSSScore: Hashable, Sendable {
    /// What a score means. <https://www.first.org/cvss/v4.0/specification-document#Qualitative-Severity-Rating-Scale>
    public enum Severity: String, CaseIterable, Hashable, Sendable {
        /// 0.0.
        case none
        /// 0.1 to 3.9.
        case low
        /// 4.0 to 6.9.
        case medium
        /// 7.0 to 8.9.
        case high
        /// 9.0 to 10.0.
        case critical
    }

    /// The score in tenths, 0 to 100.
    public let tenths: Int

    /// The score as it is written: `7.5`.
    public var text: String { "\(tenths / 10).\(tenths % 10)" }

    /// The score as a number.
    public var number: Double { Double(tenths) / 10 }

    /// What it means.
    public var severity: Severity {
        switch tenths {
        case ...0: .none
        case ..<40: .low
        case ..<70: .medium
        case ..<90: .high
        default: .critical
        }
    }
}

extension CVSSVector {
    /// A score and what it is called.
    public struct NamedScore: Hashable, Sendable {
        /// `base`, `temporal` and `environmental` in 3.1; `CVSS-B`, `CVSS-BT`, `CVSS-BE` and `CVSS-BTE` in 4.0.
        public let name: String
        /// The score.
        public let score: CVSSScore
    }

    /// The score of the base metrics alone.
    public var baseScore: CVSSScore {
        switch version {
        case .v31: CVSSScoring31(self).base
        case .v40: keeping([.base]).score
        }
    }

    /// The score of all metrics that the vector defines: in 3.1 the environmental score, or without such metrics the temporal.
    public var score: CVSSScore {
        switch version {
        case .v31: defines(.environmental) ? CVSSScoring31(self).environmental : CVSSScoring31(self).temporal
        case .v40: CVSSScore(tenths: CVSSScoring40(self).tenths)
        }
    }

    /// The base score, and those of the further groups that the vector defines.
    ///
    /// 4.0 has one score, named by the groups that went into it (section 1.3).
    public var scores: [NamedScore] {
        switch version {
        case .v31:
            let scoring = CVSSScoring31(self)
            var scores = [NamedScore(name: "base", score: scoring.base)]
            if defines(.threat) { scores.append(NamedScore(name: "temporal", score: scoring.temporal)) }
            if defines(.environmental) {
                scores.append(NamedScore(name: "environmental", score: scoring.environmental))
            }
            return scores
        case .v40:
            var scores = [NamedScore(name: "CVSS-B", score: baseScore)]
            if defines(.threat) {
                scores.append(NamedScore(name: "CVSS-BT", score: keeping([.base, .threat]).score))
            }
            if defines(.environmental) {
                scores.append(NamedScore(name: "CVSS-BE", score: keeping([.base, .environmental]).score))
                if defines(.threat) { scores.append(NamedScore(name: "CVSS-BTE", score: score)) }
            }
            return scores
        }
    }
}
