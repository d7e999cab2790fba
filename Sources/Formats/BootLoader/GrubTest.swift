/// The `test` and `[` commands, with three outcomes: true, false, and nil for not known.
///
/// <https://www.gnu.org/software/grub/manual/grub/html_node/test.html>
struct GrubTest {
    private let words: [GrubValue]
    private let files: (GrubValue) -> GrubFile
    private var position = 0

    /// `files` looks a path up, and says `unreadable` for a path that is not known.
    init(_ words: [GrubValue], files: @escaping (GrubValue) -> GrubFile) {
        self.words = words
        self.files = files
    }

    /// The outcome.
    mutating func evaluate() -> Bool? { disjunction(depth: 0) }

    private func word(_ distance: Int = 0) -> GrubValue? {
        position + distance < words.count ? words[position + distance] : nil
    }

    /// `-o` of `-a` of primaries; two words in a row without an operator count as `-a`, as GRUB reads them.
    private mutating func disjunction(depth: Int) -> Bool? {
        guard depth < 32 else {
            position = words.count
            return nil
        }
        var result: Bool? = false
        var term: Bool? = true
        var isEmpty = true
        while let next = word(), next.text != ")" {
            switch next.text {
            case "-a" where !isEmpty: position += 1
            case "-o" where !isEmpty:
                position += 1
                result = GrubTest.either(result, term)
                term = true
            default:
                isEmpty = false
                term = GrubTest.both(term, primary(depth: depth))
            }
        }
        return isEmpty ? false : GrubTest.either(result, term)
    }

    private static func both(_ left: Bool?, _ right: Bool?) -> Bool? {
        if left == false || right == false { return false }
        return left == nil || right == nil ? nil : true
    }

    private static func either(_ left: Bool?, _ right: Bool?) -> Bool? {
        if left == true || right == true { return true }
        return left == nil || right == nil ? nil : false
    }

    private mutating func primary(depth: Int) -> Bool? {
        var isNegated = false
        while let next = word(), next.text == "!", position + 1 < words.count {
            isNegated.toggle()
            position += 1
        }
        let outcome = positive(depth: depth)
        return isNegated ? outcome.map { !$0 } : outcome
    }

    private mutating func positive(depth: Int) -> Bool? {
        guard let first = word() else { return false }
        if let operation = word(1), let second = word(2), GrubTest.comparisons.contains(operation.text) {
            position += 3
            guard first.isCertain, second.isCertain else { return nil }
            return GrubTest.compare(first.text, operation.text, second.text)
        }
        if let operand = word(1), GrubTest.unary.contains(first.text) {
            position += 2
            return unary(first.text, operand)
        }
        position += 1
        if first.text == "(" {
            let outcome = disjunction(depth: depth + 1)
            position += 1
            return outcome
        }
        return first.isCertain ? !first.text.isEmpty : nil
    }

    private static let unary: Set<String> = ["-d", "-e", "-f", "-s", "-n", "-z"]
    private static let comparisons: Set<String> = [
        "=", "==", "!=", "<", "<=", ">", ">=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "-pgt",
        "-plt",
    ]

    private func unary(_ operation: String, _ operand: GrubValue) -> Bool? {
        if operation == "-n" || operation == "-z" {
            guard operand.isCertain else { return nil }
            return operand.text.isEmpty == (operation == "-z")
        }
        switch files(operand) {
        case .bytes(let bytes): return operation == "-s" ? !bytes.isEmpty : operation != "-d"
        case .directory: return operation == "-d" || operation == "-e"
        case .absent: return false
        case .unreadable: return nil
        }
    }

    private static func compare(_ left: String, _ operation: String, _ right: String) -> Bool? {
        switch operation {
        case "=", "==": return left == right
        case "!=": return left != right
        case "<": return Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8))
        case ">": return Array(right.utf8).lexicographicallyPrecedes(Array(left.utf8))
        case "<=": return !Array(right.utf8).lexicographicallyPrecedes(Array(left.utf8))
        case ">=": return !Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8))
        default: break
        }
        guard let first = Int64(left), let second = Int64(right) else { return nil }
        switch operation {
        case "-eq": return first == second
        case "-ne": return first != second
        case "-lt": return first < second
        case "-le": return first <= second
        case "-gt": return first > second
        case "-ge": return first >= second
        default: return nil
        }
    }
}
