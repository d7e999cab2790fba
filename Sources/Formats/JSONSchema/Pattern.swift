/// A regular expression as JSON Schema has them (ECMA-262), without what needs to go back: no references, no look-around.
///
/// Matching takes time in proportion to the text's length times the pattern's, whatever both are
/// (Thompson, "Regular expression search algorithm", 1968). A match may start anywhere, as JSON Schema wants.
struct Pattern: Sendable {
    /// One instruction of the machine.
    enum Step: Sendable {
        /// Goes on when the next character is one of the set.
        case scalar(PatternSet)
        /// Goes on at both.
        case fork(Int, Int)
        case jump(Int)
        case start
        case end
        case match
    }

    /// The most instructions of one pattern, its counted repeats written out.
    static let maximumSteps = 20_000

    private let steps: [Step]

    /// Compiles `source`.
    ///
    /// - Throws: `SchemaError` for what is malformed, not known or larger than is accepted.
    init(_ source: String) throws(SchemaError) {
        var parser = PatternParser(source)
        let tree = try parser.parse()
        var compiler = PatternCompiler(source: source)
        try compiler.add(tree)
        steps = compiler.steps + [.match]
    }

    /// Whether some part of `text` fits.
    func matches(_ text: String) -> Bool {
        var current = PatternStates(count: steps.count)
        var next = PatternStates(count: steps.count)
        let scalars = Array(text.unicodeScalars)
        for index in 0...scalars.count {
            add(0, to: &current, isStart: index == 0, isEnd: index == scalars.count)
            if current.hasMatch { return true }
            guard index < scalars.count else { return false }
            next.clear()
            for state in current.list {
                if case .scalar(let set) = steps[state], set.contains(scalars[index]) {
                    add(state + 1, to: &next, isStart: false, isEnd: index + 1 == scalars.count)
                }
            }
            swap(&current, &next)
        }
        return false
    }

    /// Adds a state and all that follow without a character.
    private func add(_ first: Int, to states: inout PatternStates, isStart: Bool, isEnd: Bool) {
        var pending = [first]
        while let state = pending.popLast() {
            guard states.insert(state) else { continue }
            switch steps[state] {
            case .scalar: break
            case .match: states.hasMatch = true
            case .jump(let target): pending.append(target)
            case .fork(let left, let right): pending += [left, right]
            case .start: if isStart { pending.append(state + 1) }
            case .end: if isEnd { pending.append(state + 1) }
            }
        }
    }
}

/// States of the machine, each once.
private struct PatternStates {
    private var isThere: [Bool]
    private(set) var list: [Int] = []
    var hasMatch = false

    init(count: Int) { isThere = Array(repeating: false, count: count) }

    mutating func insert(_ state: Int) -> Bool {
        if isThere[state] { return false }
        isThere[state] = true
        list.append(state)
        return true
    }

    mutating func clear() {
        for state in list { isThere[state] = false }
        list.removeAll(keepingCapacity: true)
        hasMatch = false
    }
}

/// Characters that may stand at one place.
struct PatternSet: Hashable, Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isNegated
    }

    static let digits = PatternSet(ranges: [0x30...0x39])
    static let words = PatternSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// White space and line ends of ECMA-262.
    static let blanks = PatternSet(ranges: [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What `.` stands for: all but line ends.
    static let anything = PatternSet(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)

    /// The same characters without a negation.
    var flattened: [ClosedRange<UInt32>] {
        guard isNegated else { return ranges }
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return result
    }
}

/// Writes the machine's instructions.
struct PatternCompiler {
    let source: String
    private(set) var steps: [Pattern.Step] = []

    init(source: String) { self.source = source }

    mutating func add(_ node: PatternNode) throws(SchemaError) {
        guard steps.count < Pattern.maximumSteps else {
            throw SchemaError(code: .tooLarge, detail: "the pattern '\(source.prefix(80))'")
        }
        switch node {
        case .set(let set): steps.append(.scalar(set))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes[...])
        case .repetition(let node, let least, let most):
            for _ in 0..<least { try add(node) }
            if let most {
                for _ in 0..<(most - least) { try addOptional(node) }
            } else {
                let fork = steps.count
                steps.append(.fork(fork + 1, fork + 1))
                try add(node)
                steps.append(.jump(fork))
                steps[fork] = .fork(fork + 1, steps.count)
            }
        }
    }

    private mutating func addOptional(_ node: PatternNode) throws(SchemaError) {
        let fork = steps.count
        steps.append(.fork(fork + 1, fork + 1))
        try add(node)
        steps[fork] = .fork(fork + 1, steps.count)
    }

    private mutating func addChoice(_ nodes: ArraySlice<PatternNode>) throws(SchemaError) {
        guard let first = nodes.first else { return }
        guard nodes.count > 1 else { return try add(first) }
        let fork = steps.count
        steps.append(.fork(fork + 1, fork + 1))
        try add(first)
        let jump = steps.count
        steps.append(.jump(jump))
        steps[fork] = .fork(fork + 1, steps.count)
        try addChoice(nodes.dropFirst())
        steps[jump] = .jump(steps.count)
    }
}
