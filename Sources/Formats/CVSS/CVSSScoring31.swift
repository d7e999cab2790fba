/// The equations of CVSS 3.1. <https://www.first.org/cvss/v3.1/specification-document#7-CVSS-v3-1-Equations>
struct CVSSScoring31 {
    private let vector: CVSSVector

    init(_ vector: CVSSVector) { self.vector = vector }

    /// The base score (section 7.1).
    var base: CVSSScore {
        let missing = 1 - (1 - impact("C")) * (1 - impact("I")) * (1 - impact("A"))
        let isChanged = vector.value(of: "S") == "C"
        let effect =
            isChanged ? 7.52 * (missing - 0.029) - 3.25 * power(missing - 0.02, 15) : 6.42 * missing
        guard effect > 0 else { return CVSSScore(tenths: 0) }
        let sum = effect + exploitability("", isChanged: isChanged)
        return CVSSScore(tenths: Self.tenthsRoundedUp(min((isChanged ? 1.08 : 1) * sum, 10)))
    }

    /// The temporal score (section 7.2).
    var temporal: CVSSScore { CVSSScore(tenths: Self.tenthsRoundedUp(base.number * threat)) }

    /// The environmental score (section 7.3).
    var environmental: CVSSScore {
        func part(_ metric: String, _ requirement: String) -> Double {
            1 - modifiedImpact(metric) * weight(requirement, ["H": 1.5, "M": 1, "L": 0.5, "X": 1])
        }
        let missing = min(1 - part("C", "CR") * part("I", "IR") * part("A", "AR"), 0.915)
        let isChanged = modified("S") == "C"
        let effect =
            isChanged ? 7.52 * (missing - 0.029) - 3.25 * power(missing * 0.9731 - 0.02, 13) : 6.42 * missing
        guard effect > 0 else { return CVSSScore(tenths: 0) }
        let sum = effect + exploitability("M", isChanged: isChanged)
        let tenths = Self.tenthsRoundedUp(min((isChanged ? 1.08 : 1) * sum, 10))
        return CVSSScore(tenths: Self.tenthsRoundedUp(Double(tenths) / 10 * threat))
    }

    /// The product of the temporal metrics.
    private var threat: Double {
        weight("E", ["H": 1, "F": 0.97, "P": 0.94, "U": 0.91, "X": 1])
            * weight("RL", ["U": 1, "W": 0.97, "T": 0.96, "O": 0.95, "X": 1])
            * weight("RC", ["C": 1, "R": 0.96, "U": 0.92, "X": 1])
    }

    private func exploitability(_ prefix: String, isChanged: Bool) -> Double {
        func value(_ metric: String) -> String { prefix.isEmpty ? vector.value(of: metric) : modified(metric) }
        let privileges = isChanged ? ["N": 0.85, "L": 0.68, "H": 0.5] : ["N": 0.85, "L": 0.62, "H": 0.27]
        return 8.22 * (["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2][value("AV")] ?? 0)
            * (["L": 0.77, "H": 0.44][value("AC")] ?? 0) * (privileges[value("PR")] ?? 0)
            * (["N": 0.85, "R": 0.62][value("UI")] ?? 0)
    }

    /// The value of the modified metric, or of the metric itself when that is not defined.
    private func modified(_ metric: String) -> String {
        let value = vector.value(of: "M" + metric)
        return value == "X" ? vector.value(of: metric) : value
    }

    private static let impacts = ["H": 0.56, "L": 0.22, "N": 0]

    private func impact(_ metric: String) -> Double { weight(metric, Self.impacts) }

    private func modifiedImpact(_ metric: String) -> Double { Self.impacts[modified(metric)] ?? 0 }

    private func weight(_ metric: String, _ weights: [String: Double]) -> Double {
        weights[vector.value(of: metric)] ?? 0
    }

    private func power(_ value: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { power, _ in power * value }
    }

    /// Roundup of appendix A, which is free of the errors of floating point: the smallest tenth that is not below `value`.
    private static func tenthsRoundedUp(_ value: Double) -> Int {
        let scaled = Int((value * 100_000).rounded())
        return scaled % 10_000 == 0 ? scaled / 10_000 : scaled / 10_000 + 1
    }
}
