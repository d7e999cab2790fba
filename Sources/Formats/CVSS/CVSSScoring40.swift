/// The score of CVSS 4.0. <https://www.first.org/cvss/v4.0/specification-document#CVSS-v4-0-Scoring>
///
/// A vector belongs to a macro vector: six equivalence classes, each with its level, 0 the worst. The table gives the score of
/// the worst vectors of each; a vector loses a share of the way to the next lower macro vectors, as far as it is from the
/// worst. All of it is computed in whole numbers.
struct CVSSScoring40 {
    private let vector: CVSSVector

    init(_ vector: CVSSVector) { self.vector = vector }

    /// The score in tenths.
    var tenths: Int {
        guard ["VC", "VI", "VA", "SC", "SI", "SA"].contains(where: { value($0) != "N" }) else { return 0 }
        let levels = levels
        guard let top = Self.tableTenths(levels) else { return 0 }
        var count = 0
        // The sum of all shares, in parts of a tenth.
        var shares = 0
        for equivalence in EquivalenceClass.allCases {
            guard let lower = Self.nextLower(levels, equivalence), lower <= top else { continue }
            count += 1
            let (distance, depth) = distance(equivalence, levels)
            shares += (top - lower) * distance * (Self.parts / depth)
        }
        guard count > 0 else { return top }
        let denominator = Self.parts * count
        let numerator = top * denominator - shares
        // Half a tenth rounds up.
        return min(100, max(0, (2 * numerator + denominator) / (2 * denominator)))
    }

    /// A number that all depths divide.
    private static let parts = 840

    /// The classes whose levels can fall one by one; 3 and 6 depend on each other and fall together.
    private enum EquivalenceClass: CaseIterable {
        case one
        case two
        case threeAndSix
        case four
        case five
    }

    /// The value that counts: the modified one where it is defined, the worst where nothing is.
    private func value(_ metric: String) -> String {
        let modified = vector.value(of: "M" + metric)
        if modified != "X" { return modified }
        let own = vector.value(of: metric)
        guard own == "X" else { return own }
        return metric == "E" ? "A" : "H"
    }

    /// The macro vector: the levels of the equivalence classes 1 to 6 (tables 24 to 29).
    var levels: [Int] {
        func has(_ metric: String, _ letter: String) -> Bool { value(metric) == letter }
        let reach = [has("AV", "N"), has("PR", "N"), has("UI", "N")]
        let one = reach.allSatisfy { $0 } ? 0 : reach.contains(true) && !has("AV", "P") ? 1 : 2
        let two = has("AC", "L") && has("AT", "N") ? 0 : 1
        let three =
            has("VC", "H") && has("VI", "H") ? 0 : has("VC", "H") || has("VI", "H") || has("VA", "H") ? 1 : 2
        let four =
            has("SI", "S") || has("SA", "S") ? 0 : has("SC", "H") || has("SI", "H") || has("SA", "H") ? 1 : 2
        let five = ["A": 0, "P": 1, "U": 2][value("E")] ?? 0
        let six = [("CR", "VC"), ("IR", "VI"), ("AR", "VA")].contains { has($0, "H") && has($1, "H") } ? 0 : 1
        return [one, two, three, four, five, six]
    }

    /// The score of the macro vector that is one level lower in a class, in tenths; nil when there is none.
    private static func nextLower(_ levels: [Int], _ equivalence: EquivalenceClass) -> Int? {
        func lowered(_ indices: Int...) -> Int? {
            var lower = levels
            for index in indices { lower[index] += 1 }
            return tableTenths(lower)
        }
        switch equivalence {
        case .one: return lowered(0)
        case .two: return lowered(1)
        case .four: return lowered(3)
        case .five: return lowered(4)
        case .threeAndSix:
            switch (levels[2], levels[5]) {
            case (0, 0): return [lowered(5), lowered(2)].compactMap { $0 }.max()
            case (1, 0): return lowered(5)
            case (0, 1), (1, 1): return lowered(2)
            default: return nil
            }
        }
    }

    /// How many steps the vector is below the worst of its level, and how many there are (section 8.2, table 30).
    private func distance(_ equivalence: EquivalenceClass, _ levels: [Int]) -> (Int, depth: Int) {
        switch equivalence {
        case .one:
            let worst = [
                ["AV:N PR:N UI:N"], ["AV:A PR:N UI:N", "AV:N PR:L UI:N", "AV:N PR:N UI:P"],
                ["AV:P PR:N UI:N", "AV:A PR:L UI:P"],
            ]
            return (steps(worst[levels[0]]), [1, 4, 5][levels[0]])
        case .two:
            return (steps([["AC:L AT:N"], ["AC:H AT:N", "AC:L AT:P"]][levels[1]]), [1, 2][levels[1]])
        case .threeAndSix:
            switch (levels[2], levels[5]) {
            case (0, 0): return (steps(["VC:H VI:H VA:H CR:H IR:H AR:H"]), 7)
            case (0, _): return (steps(["VC:H VI:H VA:L CR:M IR:M AR:H", "VC:H VI:H VA:H CR:M IR:M AR:M"]), 6)
            case (1, 0): return (steps(["VC:L VI:H VA:H CR:H IR:H AR:H", "VC:H VI:L VA:H CR:H IR:H AR:H"]), 8)
            case (1, _):
                return (
                    steps([
                        "VC:L VI:H VA:L CR:H IR:M AR:H", "VC:L VI:H VA:H CR:H IR:M AR:M",
                        "VC:H VI:L VA:H CR:M IR:H AR:M", "VC:H VI:L VA:L CR:M IR:H AR:H",
                        "VC:L VI:L VA:H CR:H IR:H AR:M",
                    ]), 8
                )
            default: return (steps(["VC:L VI:L VA:L CR:H IR:H AR:H"]), 10)
            }
        case .four:
            let worst = ["SC:H SI:S SA:S", "SC:H SI:H SA:H", "SC:L SI:L SA:L"]
            return (steps([worst[levels[3]]]), [6, 5, 4][levels[3]])
        case .five: return (0, 1)
        }
    }

    /// The steps below the first of the worst vectors that is nowhere better than this one.
    private func steps(_ worst: [String]) -> Int {
        for candidate in worst {
            var sum = 0
            var isWorse = true
            for field in candidate.split(separator: " ") {
                let parts = field.split(separator: ":").map(String.init)
                guard parts.count == 2, let scale = Self.scales[parts[0]],
                    let mine = scale.firstIndex(of: value(parts[0])), let other = scale.firstIndex(of: parts[1]),
                    mine >= other
                else {
                    isWorse = false
                    break
                }
                sum += mine - other
            }
            if isWorse { return sum }
        }
        return 0
    }

    /// The values of each metric, the worst first.
    private static let scales: [String: [String]] = [
        "AV": ["N", "A", "L", "P"], "PR": ["N", "L", "H"], "UI": ["N", "P", "A"], "AC": ["L", "H"], "AT": ["N", "P"],
        "VC": ["H", "L", "N"], "VI": ["H", "L", "N"], "VA": ["H", "L", "N"], "SC": ["S", "H", "L", "N"],
        "SI": ["S", "H", "L", "N"], "SA": ["S", "H", "L", "N"], "CR": ["H", "M", "L"], "IR": ["H", "M", "L"],
        "AR": ["H", "M", "L"],
    ]

    /// The score of a macro vector, in tenths; nil when there is none.
    private static func tableTenths(_ levels: [Int]) -> Int? {
        guard let row = table["\(levels[0])\(levels[1])\(levels[2])"], levels[3] <= 2, levels[4] <= 2, levels[5] <= 1
        else {
            return nil
        }
        let tenths = row[levels[3] * 6 + levels[4] * 2 + levels[5]]
        return tenths < 0 ? nil : tenths
    }
}
