/// The parts of a regular expression.
indirect enum PatternNode: Sendable {
    case set(PatternSet)
    case start
    case end
    case sequence([PatternNode])
    case choice([PatternNode])
    /// From `least` to `most` times; without `most`, any number.
    case repetition(PatternNode, least: Int, most: Int?)
}

/// Reads a regular expression (ECMA-262, section 22.2.1: https://tc39.es/ecma262/#sec-patterns).
struct PatternParser {
    private static let maximumLength = 4096
    private static let maximumDepth = 40
    private static let maximumRepeats = 1000

    private let source: String
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    init(_ source: String) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(SchemaError) -> PatternNode {
        guard scalars.count <= PatternParser.maximumLength else { throw error("it is too long") }
        let node = try choice()
        guard index == scalars.count else { throw error("a ')' too many") }
        return node
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    private mutating func choice() throws(SchemaError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.maximumDepth else { throw error("its groups are too deep") }
        var alternatives: [PatternNode] = []
        repeat { alternatives.append(try sequence()) } while take("|")
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence() throws(SchemaError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try quantified()) }
        return .sequence(nodes)
    }

    private mutating func quantified() throws(SchemaError) -> PatternNode {
        let node = try atom()
        let bounds: (Int, Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if take("{") {
            bounds = try counts()
        } else {
            return node
        }
        // Lazy or not makes no difference to whether there is a match.
        _ = take("?")
        switch node {
        case .start, .end: throw error("an anchor is repeated")
        default: break
        }
        if let scalar = next, "*+?{".unicodeScalars.contains(scalar) { throw error("a repeat is repeated") }
        return .repetition(node, least: bounds.0, most: bounds.1)
    }

    private mutating func counts() throws(SchemaError) -> (Int, Int?) {
        guard let least = number() else { throw error("a count is missing in '{}'") }
        var most: Int? = least
        if take(",") { most = next == "}" ? nil : number() ?? -1 }
        guard take("}"), (most ?? least) >= least, max(least, most ?? 0) <= PatternParser.maximumRepeats else {
            throw error("a count of '{}' is not accepted")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, ("0"..."9").contains(scalar), (value ?? 0) < 100_000 {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
        }
        return value
    }

    private mutating func atom() throws(SchemaError) -> PatternNode {
        guard let scalar = next else { throw error("it ends too early") }
        index += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .set(.anything)
        case "(":
            if take("?"), !take(":") { throw error("only '(?:' groups are accepted") }
            let node = try choice()
            guard take(")") else { throw error("a ')' is missing") }
            return node
        case "[": return .set(try characterClass())
        case "\\": return .set(try escape(inClass: false))
        case "*", "+", "?", "{", "}", "]": throw error("'\(scalar)' stands for itself only behind a backslash")
        default: return .set(PatternSet(ranges: [scalar.value...scalar.value]))
        }
    }

    private mutating func characterClass() throws(SchemaError) -> PatternSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !take("]") {
            let first = try classAtom()
            // A dash between two characters is a range, everywhere else it is a dash.
            if next == "-", index + 1 < scalars.count, scalars[index + 1] != "]", let low = first.single {
                index += 1
                guard let high = try classAtom().single, high >= low else { throw error("a range is turned round") }
                ranges.append(low...high)
            } else {
                ranges += first.flattened
            }
        }
        return PatternSet(ranges: ranges, isNegated: isNegated)
    }

    private mutating func classAtom() throws(SchemaError) -> PatternSet {
        guard let scalar = next else { throw error("a ']' is missing") }
        index += 1
        if scalar == "\\" { return try escape(inClass: true) }
        return PatternSet(ranges: [scalar.value...scalar.value])
    }

    private mutating func escape(inClass: Bool) throws(SchemaError) -> PatternSet {
        guard let scalar = next else { throw error("it ends in an escape") }
        index += 1
        func one(_ value: UInt32) -> PatternSet { PatternSet(ranges: [value...value]) }
        switch scalar {
        case "d": return .digits
        case "w": return .words
        case "s": return .blanks
        case "D", "W", "S":
            var set = scalar == "D" ? PatternSet.digits : scalar == "W" ? .words : .blanks
            set.isNegated = true
            return set
        case "t": return one(0x09)
        case "n": return one(0x0A)
        case "v": return one(0x0B)
        case "f": return one(0x0C)
        case "r": return one(0x0D)
        case "x", "u":
            var value: UInt32 = 0
            for _ in 0..<(scalar == "x" ? 2 : 4) {
                guard let digit = hexDigit(next) else {
                    throw error("an escape without its digits")
                }
                value = value << 4 | digit
                index += 1
            }
            return one(value)
        case _ where scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar):
            return one(scalar.value)
        default: throw error("the escape '\\\(scalar)' is not accepted")
        }
    }

    private func hexDigit(_ scalar: Unicode.Scalar?) -> UInt32? {
        guard let scalar else { return nil }
        switch scalar {
        case "0"..."9": return scalar.value - 0x30
        case "a"..."f": return scalar.value - 0x61 + 10
        case "A"..."F": return scalar.value - 0x41 + 10
        default: return nil
        }
    }

    private func error(_ reason: String) -> SchemaError {
        SchemaError(code: .malformed, detail: "the pattern '\(source.prefix(80))': \(reason)")
    }
}

extension PatternSet {
    /// The character, if there is exactly one.
    fileprivate var single: UInt32? {
        guard !isNegated, ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return range.lowerBound
    }
}
